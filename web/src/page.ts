// What every section is given.

import type { ModelView, Report } from './model';
import { shorten } from './names';
import type { Key, View } from './state';

export interface Page {
  report: Report;
  view: View;
  model: ModelView;
  /** Replaces `element` by what `draw` makes whenever the reader changes one of these choices. */
  live(keys: readonly Key[], draw: () => HTMLElement): HTMLElement;
}

export function livePart(view: View, keys: readonly Key[], draw: () => HTMLElement): HTMLElement {
  let element = draw();
  view.on(keys, () => {
    // A change of the number of components draws the whole page anew.
    if (!element.isConnected) return;
    const held = element.contains(document.activeElement) ? focusPath(element) : null;
    const next = draw();
    element.replaceWith(next);
    element = next;
    if (held) restoreFocus(element, held);
  });
  return element;
}

/** Where the focus is, so that a part that is drawn anew does not lose the place of people who use the keyboard. */
function focusPath(root: Element): string | null {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return null;
  return active.getAttribute('data-focus');
}

function restoreFocus(root: Element, key: string): void {
  root.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

let names: string[] = [];

/** What the components of the model that is shown are called; empty texts where they have no name. */
export function nameComponents(given: string[]): void {
  names = given;
}

/** Whether all of `n` components have names. */
export const areNamed = (n: number): boolean => names.length === n && names.every((name) => name !== '');

export const componentName = (k: number): string => names[k] || `Component ${k + 1}`;

/** Two components in the middle of a sentence. */
export const pairName = (a: number, b: number): string =>
  names[a] && names[b] ? `${names[a]} and ${names[b]}` : `components ${a + 1} and ${b + 1}`;

/** For a table's head, where there is little room: the name, or the number alone. */
export const shortComponentName = (k: number): string => (names[k] ? shorten(names[k], 12) : String(k + 1));

/** The components in the order that the reader chose. */
export function orderedComponents(page: Page): number[] {
  const all = Array.from({ length: page.model.nComponents }, (_, k) => k);
  return page.view.get('order') === 'similarity' ? page.model.seriation.rows : all;
}

export const chosenComponent = ({ view, model }: Page): number => view.position('component', model.nComponents);

/** The component that the chosen one is compared with: another one, where there is one. */
export function versusComponent(page: Page): number {
  const n = page.model.nComponents;
  const chosen = chosenComponent(page);
  const versus = page.view.position('versus', n);
  return versus !== chosen ? versus : n < 2 ? chosen : chosen === 0 ? 1 : 0;
}
