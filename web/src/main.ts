// Reads the document that stands in the page and draws it.

import './style/base.css';
import './style/page.css';
import './style/parts.css';
import { bar, followScroll, goTo } from './bar';
import { readDocument } from './document';
import { h } from './dom';
import { Report } from './model';
import { shorten } from './names';
import { livePart, nameComponents, type Page } from './page';
import { components } from './sections/components';
import { fit } from './sections/fit';
import { groups } from './sections/groups';
import { relations } from './sections/relations';
import { rows } from './sections/rows';
import { selection } from './sections/selection';
import { summary } from './sections/summary';
import { givenNames, View } from './state';
import { watchTheme } from './theme';

function draw(report: Report, view: View): HTMLElement {
  const model = report.model(report.position(view.get('k')));
  const given = givenNames(view.get('names'), model.nComponents);
  nameComponents(model.model.components.map((component, k) => given[k] || component.name));
  const page: Page = { report, view, model, live: (keys, part) => livePart(view, keys, part) };
  return h('main', { id: 'main', tabindex: -1 }, summary(page), components(page), groups(page), relations(page), rows(page), fit(page), selection(page));
}

/** Tells tests and the curious when everything is on the screen. */
function markDrawn(): void {
  requestAnimationFrame(() => setTimeout(() => performance.mark('drawn')));
}

function open(report: Report): void {
  const view = new View(location);
  const { document: found } = report;
  document.title = `${shorten(found.title, 80)} – mixbern`;
  const skip = h('a', { class: 'skip', href: '#main' }, 'Skip to the report');
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  });
  document.body.append(skip, bar(report, view));
  let main = h('main');
  const redraw = (): void => {
    // Listeners of the parts that leave the page go with them; this one and the bar's stay.
    view.forget(lasting);
    const next = draw(report, view);
    main.replaceWith(next);
    main = next;
  };
  view.on(['k', 'names'], () => {
    const place = anchor();
    redraw();
    restore(place);
  });
  const lasting = view.size;
  document.body.append(main, h('footer', {}, `mixbern ${found.version}. This file holds its data and needs no network.`));
  redraw();
  addEventListener('hashchange', () => view.reread());
  if (view.get('section') !== 'summary') goTo(view.get('section'));
  followScroll(view);
}

/** The part of the page that is being read, and where it is on the screen. */
function anchor(): { id: string; top: number; focus: string | null } | null {
  const visible = [...document.querySelectorAll<HTMLElement>('main figure[id], main section[id]')].filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 80 && top < innerHeight / 2;
  });
  const element = visible.at(-1);
  const focus = document.activeElement?.getAttribute('data-focus') ?? null;
  return element ? { id: element.id, top: element.getBoundingClientRect().top, focus } : null;
}

function restore(place: ReturnType<typeof anchor>): void {
  if (!place) return;
  // Pictures get their height when they are drawn, which is before the next frame.
  requestAnimationFrame(() => {
    const element = document.getElementById(place.id);
    if (element) scrollBy(0, element.getBoundingClientRect().top - place.top);
    if (place.focus) document.querySelector<HTMLElement>(`[data-focus="${CSS.escape(place.focus)}"]`)?.focus({ preventScroll: true });
  });
}

watchTheme();
const found = readDocument(document.getElementById('mixbern-report')?.textContent ?? 'null');
if (typeof found === 'string') document.body.append(h('main', {}, h('p', { class: 'lead' }, found)));
else open(new Report(found));
markDrawn();
