// Light or dark: as the system says, or as the reader chose. Paper is always light.

export type Theme = 'light' | 'dark';
type Choice = Theme | 'auto';

const stored = 'mixbern-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: Choice = remembered();
let printing = false;

function remembered(): Choice {
  try {
    const value = localStorage.getItem(stored);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto'; // Some browsers keep no storage for files.
  }
}

export function theme(): Theme {
  if (printing) return 'light';
  if (choice !== 'auto') return choice;
  return system.matches ? 'dark' : 'light';
}

export const themeChoice = (): Choice => choice;

function apply(): void {
  document.documentElement.dataset['theme'] = theme();
  for (const listener of listeners) listener();
}

export function chooseTheme(value: Choice): void {
  choice = value;
  try {
    localStorage.setItem(stored, value);
  } catch {
    // The choice then holds for as long as the page is open.
  }
  apply();
}

/** Calls `redraw` whenever colours that are not CSS have to change, until `element` has left the page. */
export function onTheme(element: Element, redraw: () => void): void {
  const listener = (): void => {
    if (element.isConnected) redraw();
    else listeners.delete(listener);
  };
  listeners.add(listener);
}

export function watchTheme(): void {
  system.addEventListener('change', apply);
  matchMedia('print').addEventListener('change', (event) => {
    printing = event.matches;
    apply();
  });
  apply();
}
