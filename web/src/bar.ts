// The bar that stays on top: sections, number of components, light or dark.

import { choice, h, select } from './dom';
import type { Report } from './model';
import type { View } from './state';
import { chooseTheme, themeChoice } from './theme';

export const sections = [
  ['summary', 'Summary'],
  ['components', 'Components'],
  ['groups', 'Groups'],
  ['relations', 'Relations'],
  ['rows', 'Rows'],
  ['fit', 'Fit'],
  ['selection', 'Selection'],
] as const;

function navigation(report: Report, view: View): HTMLElement {
  const nav = h('nav', { 'aria-label': 'Sections' });
  for (const [id, title] of sections) {
    if ((id === 'relations' || id === 'groups') && !report.document[id]) continue;
    const link = h('a', { href: `#section=${id}`, 'data-section': id }, title);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      view.set({ section: id });
      goTo(id);
    });
    nav.append(link);
  }
  const mark = (): void => {
    for (const link of nav.querySelectorAll('a')) {
      const current = link.dataset['section'] === view.get('section');
      link.setAttribute('aria-current', String(current));
      if (current && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = link.offsetLeft - nav.clientWidth / 3;
    }
  };
  view.on(['section'], mark);
  mark();
  return nav;
}

/** Scrolls to a section and lets the keyboard go on from there. */
export function goTo(id: string): void {
  const section = document.getElementById(id);
  section?.setAttribute('tabindex', '-1');
  section?.focus({ preventScroll: true });
  section?.scrollIntoView();
}

export function bar(report: Report, view: View): HTMLElement {
  const { models } = report.document;
  const tools = h('div', { class: 'tools' });
  if (models.length > 1) {
    const picker = select(
      'Number of components',
      models.map(({ n_components: k }) => [String(k), `K = ${k}`] as const),
      String(models[report.position(view.get('k'))]!.n_components),
      (k) => view.set({ k, component: '1', versus: '2' }),
    );
    view.on(['k'], () => (picker.value = String(models[report.position(view.get('k'))]!.n_components)));
    tools.append(picker);
  }
  tools.append(choice('Colours', [['auto', 'auto'], ['light', 'light'], ['dark', 'dark']] as const, themeChoice(), chooseTheme));
  return h('header', { class: 'bar' }, h('div', {}, navigation(report, view), tools));
}

/** Notes in the address which section is being read. */
export function followScroll(view: View): void {
  let waiting = false;
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        const line = innerHeight / 3;
        const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
        const passed = sections.filter(([id]) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) < line);
        const current = atEnd ? sections.at(-1) : passed.at(-1);
        if (current) view.set({ section: current[0] });
      }, 120);
    },
    { passive: true },
  );
}
