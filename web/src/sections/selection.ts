// How many should there be?

import type { SelectionRow } from '../document';
import { button, h } from '../dom';
import { figure } from '../figure';
import { count, fixed, none, percent, pValue } from '../format';
import type { Page } from '../page';
import { criterion } from '../plots/criteria';
import { responsive } from '../responsive';
import { type Column, dataTable } from '../table';

interface Criterion {
  key: keyof SelectionRow;
  name: string;
  /** Whether the largest value is the best. */
  largest?: boolean;
}

const shownCriteria: readonly Criterion[] = [
  { key: 'bic', name: 'BIC' },
  { key: 'aic', name: 'AIC' },
  { key: 'aic3', name: 'AIC3' },
  { key: 'sabic', name: 'adjusted BIC' },
  { key: 'caic', name: 'CAIC' },
  { key: 'icl_bic', name: 'ICL-BIC' },
  { key: 'awe', name: 'AWE' },
  { key: 'cv_log_likelihood', name: 'cross-validated log-likelihood', largest: true },
];

const number = (row: SelectionRow, key: keyof SelectionRow): number => {
  const value = row[key];
  return typeof value === 'number' ? value : NaN;
};

function bestK(rows: readonly SelectionRow[], { key, largest }: Criterion): number {
  const sign = largest ? -1 : 1;
  const best = rows.reduce((a, b) => (sign * number(b, key) < sign * number(a, key) || Number.isNaN(number(a, key)) ? b : a));
  return best.n_components;
}

const available = (rows: readonly SelectionRow[]): Criterion[] => shownCriteria.filter(({ key }) => rows.some((row) => Number.isFinite(number(row, key))));

function criterionFigure(page: Page, rows: readonly SelectionRow[], one: Criterion): HTMLElement {
  const values = rows.flatMap((row) => (Number.isFinite(number(row, one.key)) ? [{ k: row.n_components, value: number(row, one.key) }] : []));
  const best = bestK(rows, one);
  const plot = responsive((width) =>
    criterion({ label: one.name, values, best, shown: page.model.nComponents, chosen: (k) => show(page, k) }, width),
  );
  return figure({
    name: `criterion-${one.key.replaceAll('_', '-')}`,
    title: one.name,
    note: `${one.largest ? 'Largest' : 'Smallest'} at ${best}.`,
    content: plot.element,
    svg: plot.picture,
    csv: () => [['n_components', one.key], ...values.map(({ k, value }) => [k, value])],
  });
}

function show(page: Page, k: number): void {
  if (page.report.document.models.some((model) => model.n_components === k)) page.view.set({ k: String(k), component: '1', versus: '2' });
}

/** What has to be said of the test of Vuong, Lo, Mendell and Rubin. */
const caution = (rows: readonly SelectionRow[]): string => rows.find((row) => row.vlmr)?.vlmr?.note ?? '';

function columns(page: Page, rows: readonly SelectionRow[]): Column[] {
  const plain = (key: keyof SelectionRow, title: string, text: (value: number) => string, hint?: string): Column => ({
    key, title, ...(hint ? { hint } : {}), numeric: true, value: (i) => number(rows[i]!, key), cell: (i) => text(number(rows[i]!, key)),
  });
  const test = (key: 'blrt' | 'vlmr', title: string, hint: string): Column[] =>
    rows.some((row) => row[key])
      ? [{ key, title, hint, numeric: true, value: (i) => rows[i]![key]?.p_value ?? NaN, cell: (i) => pValue(rows[i]![key]?.p_value) }]
      : [];
  const drawn: Column[] = rows.some((row) => row.blrt)
    ? [{ key: 'drawn', title: 'drawn', hint: 'Data sets of the bootstrap test; fewer than asked for where p is clearly large', numeric: true, value: (i) => rows[i]!.blrt?.n_samples ?? NaN, cell: (i) => {
      const one = rows[i]!.blrt;
      return one ? `${count(one.n_samples)} of ${count(one.n_samples_asked)}` : none;
    } }]
    : [];
  const shown = page.model.nComponents;
  return [
    { ...plain('n_components', 'K', count), cell: (i) => {
      const k = rows[i]!.n_components;
      return button(String(k), { class: 'show-model', 'aria-label': `Show the model with ${k} components`, 'aria-pressed': String(k === shown), 'data-focus': `k-${k}` }, () => show(page, k));
    } },
    plain('log_likelihood', 'log-likelihood', (value) => fixed(value, 2)),
    plain('n_parameters', 'parameters', count),
    ...available(rows).map(({ key, name }) => plain(key, name, (value) => fixed(value, 2))),
    ...test('blrt', 'p (bootstrap)', 'Bootstrap likelihood ratio test against one component fewer'),
    ...drawn,
    ...test('vlmr', 'p (VLMR, not for deciding)', `Test of Vuong, Lo, Mendell and Rubin against one component fewer: ${caution(rows)}`),
    plain('entropy', 'entropy R²', (value) => fixed(value, 3)),
    plain('smallest_component', 'smallest', percent, 'Weight of the smallest component'),
    { key: 'starts', title: 'at the best', hint: 'Starts that reached the best optimum', numeric: true, value: (i) => rows[i]!.n_init_at_best ?? NaN, cell: (i) => `${count(rows[i]!.n_init_at_best)} of ${count(rows[i]!.n_init)}` },
  ];
}

function table(page: Page, rows: readonly SelectionRow[]): HTMLElement {
  const shown = dataTable({
    label: 'Models and their criteria',
    columns: columns(page, rows),
    rows: rows.map((_, i) => i),
    sort: '',
    chosen: (i) => rows[i]!.n_components === page.model.nComponents,
  });
  const keys = ['n_components', 'log_likelihood', 'n_parameters', ...available(rows).map(({ key }) => key), 'entropy', 'smallest_component', 'n_init', 'n_init_at_best'] as const;
  return figure({
    name: 'models',
    title: 'All models',
    note: `Choose a number of components to see that model in the whole report.${caution(rows) && ` p (VLMR) is ${caution(rows)}.`}`,
    content: shown.element,
    csv: () => [
      [...keys, 'blrt_statistic', 'blrt_p_value', 'blrt_n_samples', 'vlmr_statistic', 'vlmr_p_value'],
      ...rows.map((row) => [...keys.map((key) => number(row, key)), row.blrt?.statistic, row.blrt?.p_value, row.blrt?.n_samples, row.vlmr?.statistic, row.vlmr?.p_value]),
    ],
  });
}

function verdict(page: Page, rows: readonly SelectionRow[], criterionName: string): string {
  const best = page.report.document.models[page.report.document.best]!.n_components;
  const others = available(rows).map((one) => [one.name, bestK(rows, one)] as const);
  const agree = others.filter(([, k]) => k === best).map(([name]) => name);
  const differ = others.filter(([, k]) => k !== best).map(([name, k]) => `${name} ${k}`);
  const name = shownCriteria.find(({ key }) => key === criterionName.replaceAll('-', '_'))?.name ?? criterionName;
  const also = agree.filter((other) => other !== name);
  const first = `${best} components by ${name}${also.length > 0 ? `, and by ${also.join(', ')}` : ''}.`;
  return differ.length > 0 ? `${first} Others would take another number: ${differ.join(', ')}.` : `${first} All criteria agree.`;
}

export function selection(page: Page): HTMLElement {
  const found = page.report.document.selection;
  const section = h('section', { id: 'selection', 'aria-labelledby': 'selection-title' }, h('h2', { id: 'selection-title' }, 'How many should there be?'));
  if (!found) {
    section.append(h('p', { class: 'quiet' }, 'Only one number of components was fitted. mixbern select DATA -k 1:10 --report report.html compares several.'));
    return section;
  }
  const rows = found.table;
  section.append(
    h('p', {}, verdict(page, rows, found.criterion)),
    h('div', { class: 'multiples' }, ...available(rows).map((one) => criterionFigure(page, rows, one))),
    table(page, rows),
  );
  return section;
}
