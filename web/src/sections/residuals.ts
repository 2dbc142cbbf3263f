// What the model does not explain.

import { inWords, titleOfWords } from '../answers';
import type { PatternResidual } from '../document';
import { h } from '../dom';
import { figure } from '../figure';
import { count, fixed, pValue, significant } from '../format';
import type { Page } from '../page';
import { dataTable } from '../table';

type Json = Record<string, unknown>;

interface Statistic {
  name: string;
  statistic: number | null;
  freedom: number | null;
  p: number | null;
}

function statistic(name: string, test: unknown, freedom: unknown): Statistic[] {
  if (typeof test !== 'object' || test === null || !('statistic' in test)) return [];
  const { statistic: value, p_value: p } = test as { statistic: number | null; p_value?: number | null };
  return [{ name, statistic: value, freedom: typeof freedom === 'number' ? freedom : null, p: p ?? null }];
}

/** The tests of the document; with missing answers also those against the distribution of complete rows. */
function statistics(found: Json): Statistic[] {
  const saturated = (found['saturated'] ?? {}) as Json;
  const freedom = found['degrees_of_freedom'];
  return [
    ...statistic('G² (likelihood ratio)', found['g2'], freedom),
    ...statistic('X² (Pearson)', found['x2'], freedom),
    ...statistic('Cressie-Read', found['cressie_read'], freedom),
    ...statistic('G² against complete rows', saturated['g2'], saturated['degrees_of_freedom']),
    ...statistic('missing completely at random', saturated['mcar'], saturated['mcar_degrees_of_freedom']),
  ];
}

export function goodness(page: Page): HTMLElement {
  const found = page.model.model.goodness_of_fit ?? {};
  const list = statistics(found);
  const sparse = found['sparse'] === true ? ' Many patterns are expected less than once, so the p-values cannot be trusted.' : '';
  const table = dataTable({
    label: 'Goodness of fit',
    sort: '',
    rows: indices(list.length),
    columns: [
      { key: 'name', title: 'statistic', cell: (i) => list[i]!.name },
      { key: 'value', title: 'value', numeric: true, cell: (i) => fixed(list[i]!.statistic, 3) },
      { key: 'freedom', title: 'df', hint: 'Degrees of freedom', numeric: true, cell: (i) => count(list[i]!.freedom) },
      { key: 'p', title: 'p', numeric: true, cell: (i) => pValue(list[i]!.p) },
    ],
  });
  return figure({
    name: 'goodness',
    title: 'Goodness of fit',
    note: `Observed against expected frequencies of whole rows.${sparse}`,
    content: table.element,
    csv: () => [['statistic', 'value', 'degrees_of_freedom', 'p_value'], ...list.map((one) => [one.name, one.statistic, one.freedom, one.p])],
  });
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

export function bivariate(page: Page): HTMLElement {
  const list = page.model.model.bivariate_residuals!;
  const { items } = page.model;
  const tested = list.some((pair) => pair.p_value !== null);
  const name = (d: number): HTMLElement => h('span', { class: 'name' }, items.short(d, 36));
  const table = dataTable({
    label: 'Bivariate residuals',
    height: 330,
    sort: '',
    rows: indices(list.length),
    columns: [
      { key: 'first', title: 'item', value: (i) => items.short(list[i]!.first, 60), cell: (i) => name(list[i]!.first), full: (i) => items.full(list[i]!.first) },
      { key: 'second', title: 'and item', value: (i) => items.short(list[i]!.second, 60), cell: (i) => name(list[i]!.second), full: (i) => items.full(list[i]!.second) },
      { key: 'residual', title: 'residual', numeric: true, value: (i) => list[i]!.residual ?? NaN, cell: (i) => significant(list[i]!.residual, 4) },
      ...(tested ? [{ key: 'p', title: 'p', numeric: true, value: (i: number) => list[i]!.p_value ?? NaN, cell: (i: number) => pValue(list[i]!.p_value) }] : []),
    ],
  });
  return figure({
    name: 'bivariate',
    title: 'Pairs of items that still go together',
    note: 'Bivariate residuals, largest first: association of two items that the components do not explain.',
    content: table.element,
    csv: () => [['first', 'second', 'residual', 'p_value'], ...list.map((pair) => [items.full(pair.first), items.full(pair.second), pair.residual, pair.p_value])],
  });
}

/** More are in the CSV. */
const shownPatterns = 10;

function patternRow(page: Page, { row, cells, observed, expected, residual }: PatternResidual): HTMLElement {
  const words = inWords(page.model, (d) => cells[d] as '0' | '1' | '?');
  const number = (text: string): HTMLElement => h('td', { class: 'number' }, text);
  return h('tr', { title: `as row ${row + 1}` }, h('th', { scope: 'row' }, words), number(significant(observed, 4)), number(fixed(expected, 2)), number(fixed(residual, 1)));
}

export function patterns(page: Page): HTMLElement {
  const list = page.model.model.pattern_residuals!;
  const label = 'Residuals of answer patterns';
  const titles = ['observed', 'expected', 'residual'].map((title) => h('th', { scope: 'col', class: 'number' }, title));
  const head = h('tr', {}, h('th', { scope: 'col' }, titleOfWords(page.model)), ...titles);
  const body = list.slice(0, shownPatterns).map((pattern) => patternRow(page, pattern));
  const table = h('table', { class: 'wrapped', 'aria-label': label }, h('thead', {}, head), h('tbody', {}, ...body));
  return figure({
    name: 'patterns',
    title: 'Rows that are seen too often or too rarely',
    note: 'Whole rows with their observed and expected frequency, by the size of the standardised residual.',
    content: h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, table),
    csv: () => [['first_row', 'cells', 'observed', 'expected', 'residual'], ...list.map((one) => [one.row + 1, `'${one.cells}`, one.observed, one.expected, one.residual])],
  });
}
