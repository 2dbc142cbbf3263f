// All rows that the document lists, with search.

import { float32, type Table } from '../csv';
import { h, select } from '../dom';
import { figure } from '../figure';
import { count, fixed, none, probability } from '../format';
import { shorten } from '../names';
import { componentName, type Page, shortComponentName } from '../page';
import { type Column, dataTable } from '../table';
import { decode, decodeMaybe, type Values } from '../tensor';

interface Rows {
  row: Values;
  ids: string[] | null;
  component: Values;
  certainty: Values;
  second: Values;
  logLikelihood: Values;
  weight: Values | null;
  label: Values | null;
}

/** What stands for a label that is not known, and for the next best of one component. */
const unknown = 65_535;

function columns(page: Page, rows: Rows): Column[] {
  const { labels } = page.report;
  const label = (i: number): number => rows.label?.[i] ?? unknown;
  const known = (i: number): boolean => label(i) !== unknown;
  const second = (i: number): number | null => (rows.second[i] === unknown ? null : rows.second[i]! + 1);
  const all: Column[] = [
    { key: 'row', title: 'row', numeric: true, value: (i) => rows.row[i]!, cell: (i) => count(rows.row[i]! + 1) },
    { key: 'component', title: 'component', numeric: true, value: (i) => rows.component[i]!, cell: (i) => shortComponentName(rows.component[i]!) },
    { key: 'certainty', title: 'certainty', hint: 'Posterior probability of the component', numeric: true, value: (i) => rows.certainty[i]!, cell: (i) => probability(rows.certainty[i]) },
    { key: 'second', title: 'next best', hint: 'The second most probable component', numeric: true, value: (i) => second(i) ?? NaN, cell: (i) => (second(i) === null ? none : shortComponentName(second(i)! - 1)) },
    { key: 'log_likelihood', title: 'log-likelihood', numeric: true, value: (i) => rows.logLikelihood[i]!, cell: (i) => fixed(rows.logLikelihood[i], 2) },
  ];
  if (rows.ids) {
    const { ids } = rows;
    all.splice(1, 0, { key: 'id', title: 'id', value: (i) => ids[i]!, cell: (i) => h('span', { class: 'name' }, shorten(ids[i]!, 28)), full: (i) => ids[i]! });
  }
  if (rows.weight) all.push({ key: 'weight', title: 'weight', numeric: true, value: (i) => rows.weight![i]!, cell: (i) => count(rows.weight![i]) });
  if (rows.label) {
    all.push({
      key: 'label',
      title: 'label',
      value: (i) => (known(i) ? labels.short(label(i), 60) : '\uffff'),
      cell: (i) => (known(i) ? h('span', { class: 'name' }, labels.short(label(i), 28)) : '–'),
      full: (i) => (known(i) ? labels.full(label(i)) : ''),
    });
  }
  return all;
}

/** Rows whose number, id or label holds the text, in the component that is asked for. */
export function searchRows(page: Page, rows: Rows, text: string, component: string): number[] {
  const wanted = text.trim().toLowerCase();
  const of = component === '' ? -1 : Number(component) - 1;
  const { labels } = page.report;
  const found: number[] = [];
  for (let i = 0; i < rows.row.length; i++) {
    if (of >= 0 && rows.component[i] !== of) continue;
    const label = rows.label?.[i] ?? unknown;
    const hit = wanted === '' || String(rows.row[i]! + 1).startsWith(wanted.replaceAll(',', '')) || (rows.ids?.[i]!.toLowerCase().includes(wanted) ?? false) || (label !== unknown && labels.full(label).toLowerCase().includes(wanted));
    if (hit) found.push(i);
  }
  return found;
}

function csv(page: Page, rows: Rows): Table {
  const head = ['row', 'component', 'certainty', 'second', 'log_likelihood'];
  if (rows.ids) head.splice(1, 0, 'id');
  if (rows.weight) head.push('weight');
  if (rows.label) head.push('label');
  return [
    head,
    ...Array.from(rows.row, (row, i) => {
      const line: (string | number | null)[] = [row + 1, rows.component[i]! + 1, float32(rows.certainty[i]), rows.second[i] === unknown ? null : rows.second[i]! + 1, float32(rows.logLikelihood[i])];
      if (rows.ids) line.splice(1, 0, rows.ids[i]!);
      if (rows.weight) line.push(float32(rows.weight[i]));
      if (rows.label) line.push(rows.label[i] === unknown ? null : page.report.labels.full(rows.label[i]!));
      return line;
    }),
  ];
}

export function rowTable(page: Page, total: string): HTMLElement {
  const { view } = page;
  const { table } = page.model.model.rows!;
  const rows: Rows = {
    row: decode(table.row),
    ids: table.ids,
    component: decode(table.component),
    certainty: decode(table.certainty),
    second: decode(table.second),
    logLikelihood: decode(table.log_likelihood),
    weight: decodeMaybe(table.weight),
    label: decodeMaybe(table.label),
  };
  const found = h('span', { 'aria-live': 'polite' });
  const search = (): number[] => {
    const result = searchRows(page, rows, view.get('search'), view.get('rows_of'));
    found.textContent = result.length === rows.row.length ? '' : `${count(result.length)} found`;
    return result;
  };
  const shown = dataTable({
    label: 'Rows',
    columns: columns(page, rows),
    rows: search(),
    sort: view.get('row_sort'),
    sorted: (sort) => view.set({ row_sort: sort }),
  });
  view.on(['search', 'rows_of'], () => shown.show(search()));
  const what = rows.label ? 'row number or label' : 'row number';
  const input = h('input', { type: 'search', placeholder: what, 'aria-label': `Search by ${what}`, value: view.get('search') });
  input.addEventListener('input', () => view.set({ search: input.value }));
  const components = Array.from({ length: page.model.nComponents }, (_, k) => [String(k + 1), componentName(k)] as const);
  const filter = select('Only rows of', [['', 'all components'], ...components], view.get('rows_of'), (value) => view.set({ rows_of: value }));
  const listed = table.total > rows.row.length ? ` ${count(rows.row.length)} of them, drawn evenly, are listed.` : '';
  return figure({
    name: 'rows',
    title: 'Rows',
    note: `${total}.${listed}`,
    content: h('div', {}, h('div', { class: 'controls' }, input, filter, found), shown.element),
    csv: () => csv(page, rows),
  });
}
