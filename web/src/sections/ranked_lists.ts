// Many items: for each component a list of those that stand out.

import { float32, type Table } from '../csv';
import { h } from '../dom';
import { figure } from '../figure';
import { count, percent, probability, significant } from '../format';
import { componentName, orderedComponents, type Page } from '../page';
import { portion } from '../portion';

/** More are shown when the reader asks for them. */
const firstLists = 24;

/** How many times more often than among all rows. */
const times = (page: Page, k: number, d: number): number => page.model.theta.at(k, d) / page.model.means[d]!;

function item(page: Page, k: number, d: number): HTMLElement {
  const { theta, means, features } = page.model;
  const ratio = times(page, k, d);
  const title = `${features.short(d, 80)}\n${componentName(k)}: ${probability(theta.at(k, d))}\nall rows: ${probability(means[d])}`;
  return h(
    'li',
    { title },
    h('span', { class: 'name' }, features.short(d, 28)),
    h('span', {}, probability(theta.at(k, d), 2)),
    h('span', { class: 'soft' }, Number.isFinite(ratio) ? `× ${significant(ratio, 2)}` : ''),
  );
}

function list(page: Page, k: number): HTMLElement {
  const { weight, distinctive } = page.model.model.components[k]!;
  const head = h('h4', {}, `${componentName(k)}, ${percent(weight)}`);
  return h('div', { class: 'list' }, head, h('ol', { 'aria-label': `Items of ${componentName(k)}` }, ...distinctive.map((d) => item(page, k, d))));
}

function csv(page: Page): Table {
  const { model, theta, means, features } = page.model;
  const rows = model.components.flatMap(({ distinctive }, k) =>
    distinctive.map((d, rank) => [k + 1, rank + 1, features.full(d), float32(theta.at(k, d)), float32(means[d])]),
  );
  return [['component', 'rank', 'feature', 'probability', 'mean'], ...rows];
}

export function rankedLists(page: Page): HTMLElement {
  const shown = portion(h('div', { class: 'lists' }), firstLists, () => orderedComponents(page), (k) => list(page, k));
  page.view.on(['order'], shown.fill);
  return figure({
    name: 'lists',
    title: 'What stands out in each component',
    note: `Of ${count(page.model.nFeatures)} items those that set the component apart most, with their probability in it and how many times that of all rows it is.`,
    content: shown.element,
    csv: () => csv(page),
  });
}
