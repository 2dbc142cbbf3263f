// Every item with its probability in each component.

import { float32, type Table } from '../csv';
import { type Child, h } from '../dom';
import { figure } from '../figure';
import { count, none, percent, probability, significant } from '../format';
import { chosenComponent, componentName, type Page, shortComponentName, versusComponent } from '../page';
import { type Column, dataTable } from '../table';

/** With more components, the table shows the two chosen ones and the range of all. */
const maxColumns = 12;

function columns(page: Page): Column[] {
  const { theta, means, missing, intervals, features, information, nComponents, axis } = page.model;
  const shown =
    nComponents <= maxColumns ? Array.from({ length: nComponents }, (_, k) => k) : [chosenComponent(page), versusComponent(page)];
  const extreme = (d: number, pick: (...values: number[]) => number): number => {
    let result = theta.at(0, d);
    for (let k = 1; k < nComponents; k++) result = pick(result, theta.at(k, d));
    return result;
  };
  const withError = (k: number, d: number): Child => {
    if (!intervals) return probability(theta.at(k, d));
    const error = intervals.errors.at(k, d);
    return h('span', {}, probability(theta.at(k, d)), h('span', { class: 'soft' }, ` (${Number.isFinite(error) ? probability(error) : none})`));
  };
  const numeric = (key: string, title: string, hint: string, value: (d: number) => number): Column => ({
    key, title, hint, numeric: true, value, cell: (d) => probability(value(d)),
  });
  return [
    { key: 'feature', title: 'item', value: (d) => features.short(d, 60), cell: (d) => h('span', { class: 'name' }, features.short(d, 36)), full: (d) => features.full(d) },
    numeric('mean', 'all', axis === 'probability' ? 'Share of ones among all rows' : `Among all rows: ${axis}`, (d) => means[d]!),
    ...shown.map((k) => ({
      ...numeric(`c${k + 1}`, nComponents <= maxColumns ? shortComponentName(k) : componentName(k), componentName(k), (d) => theta.at(k, d)),
      cell: (d: number) => withError(k, d),
    })),
    ...(nComponents > maxColumns
      ? [numeric('low', 'lowest', 'Lowest of all components', (d) => extreme(d, Math.min)), numeric('high', 'highest', 'Highest of all components', (d) => extreme(d, Math.max))]
      : []),
    { ...numeric('information', 'information', 'What knowing the component tells of the item, in nats', (d) => information[d]!), cell: (d) => significant(information[d]!, 3) },
    ...(missing ? [{ ...numeric('missing', 'missing', 'Share of missing cells', (d) => missing[d]!), cell: (d: number) => percent(missing[d]!) }] : []),
  ];
}

function csv(page: Page): Table {
  const { theta, means, intervals, information, features, nComponents, nFeatures } = page.model;
  const ks = Array.from({ length: nComponents }, (_, k) => k);
  const errors = intervals ? ks : [];
  const rows = Array.from({ length: nFeatures }, (_, d) => [
    features.full(d), float32(means[d]), ...ks.map((k) => float32(theta.at(k, d))), ...errors.map((k) => float32(intervals!.errors.at(k, d))), float32(information[d]), page.model.answer(d),
  ]);
  return [['feature', 'mean', ...ks.map((k) => `component_${k + 1}`), ...errors.map((k) => `standard_error_${k + 1}`), 'information', 'answer'], ...rows];
}

/** Pixels by what they tell, since most of an image is empty; items as in the data. */
function firstOrder({ model }: Page): number[] {
  const all = Array.from({ length: model.nFeatures }, (_, d) => d);
  return model.data.shape ? all.sort((a, b) => model.information[b]! - model.information[a]! || a - b) : all;
}

function draw(page: Page): HTMLElement {
  const table = dataTable({
    label: 'Items and their probabilities',
    columns: columns(page),
    rows: firstOrder(page),
    sort: page.view.get('item_sort'),
    sorted: (sort) => page.view.set({ item_sort: sort }),
  });
  const what = page.model.data.shape ? 'pixels' : 'items';
  return figure({
    name: 'items',
    title: `All ${what} in numbers`,
    note: `${page.model.meaning && `${page.model.meaning} `}${page.model.intervals ? 'In brackets: standard errors. ' : ''}${count(page.model.nFeatures)} ${what}; a title sorts.`,
    content: table.element,
    csv: () => csv(page),
  });
}

/** The columns depend on the chosen components only where there are too many for all. */
export function itemTable(page: Page): HTMLElement {
  return page.model.nComponents > maxColumns ? page.live(['component', 'versus'], () => draw(page)) : draw(page);
}
