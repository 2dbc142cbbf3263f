// Components against labels that the fit did not know.

import { float32 } from '../csv';
import { cssColour, isBright, ramp } from '../colour';
import { h } from '../dom';
import { figure } from '../figure';
import { count, fixed, none, percent } from '../format';
import { componentName, type Page, shortComponentName } from '../page';
import { heatmap } from '../plots/heatmap';
import { Matrix } from '../tensor';
import { onTheme, theme } from '../theme';

function shade(cell: HTMLElement, share: number): void {
  const table = ramp('heat', theme());
  cell.style.backgroundColor = cssColour(table, share);
  cell.style.color = isBright(table, share) ? '#14171b' : '#f6f5f0';
}

const rowTotals = (table: Matrix): number[] =>
  Array.from({ length: table.nRows }, (_, k) => Array.from(table.row(k)).reduce((sum, n) => sum + n, 0));

function body(page: Page, table: Matrix): HTMLElement[] {
  const totals = rowTotals(table);
  return totals.map((total, k) => {
    const row = table.row(k);
    const cells = Array.from(row, (n, label) => {
      const share = total > 0 ? n / total : 0;
      const cell = h('td', { class: 'shaded', title: `${componentName(k)}, ${page.report.labels.short(label, 80)}: ${count(n)}, ${percent(share)} of the component` }, n === 0 ? '·' : count(n));
      shade(cell, share);
      return cell;
    });
    return h('tr', {}, h('th', { scope: 'row', class: 'first-column number' }, shortComponentName(k)), ...cells, h('td', { class: 'number' }, count(total)));
  });
}

/** The same as a picture, for saving. */
function picture({ report }: Page, table: Matrix): SVGSVGElement {
  const totals = rowTotals(table);
  return heatmap(
    {
      label: 'Components against the labels',
      rows: table.nRows,
      columns: table.nColumns,
      meaning: 'heat',
      cell: 24,
      level: (k, label) => (totals[k]! > 0 ? table.at(k, label) / totals[k]! : 0),
      explain: () => '',
      text: (k, label) => count(table.at(k, label)),
      rowName: shortComponentName,
      columnName: (label) => report.labels.short(label, 14),
    },
    Math.max(480, 60 + 56 * table.nColumns),
  );
}

export function agreement(page: Page): HTMLElement {
  const { labels } = page.report;
  const found = page.model.model.labels!;
  const table = Matrix.from(found.table);
  const names = Array.from({ length: table.nColumns }, (_, label) =>
    h('th', { scope: 'col', class: 'number', title: labels.full(label) }, h('span', { class: 'name' }, labels.short(label, 14))),
  );
  const rows = h('tbody', {}, ...body(page, table));
  onTheme(rows, () => rows.replaceChildren(...body(page, table)));
  const head = h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'first-column number' }, 'component'), ...names, h('th', { scope: 'col', class: 'number' }, 'rows')));
  const scroll = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Components against labels' }, h('table', { class: 'compact confusion', 'aria-label': 'Components against labels' }, head, rows));
  scroll.style.maxHeight = '560px';
  const measure = (name: string, value: number | null, hint: string): HTMLElement =>
    h('div', { title: hint }, h('dt', {}, name), h('dd', {}, value === null ? none : fixed(value, 3)));
  return figure({
    name: 'labels',
    title: 'Components against the labels',
    note: 'Rows of each component by their label; the darker, the larger its share of the component.',
    content: h(
      'div',
      {},
      h(
        'dl',
        { class: 'facts plain' },
        measure('purity', found.purity, 'Share of rows whose label is the commonest one of their component'),
        measure('adjusted Rand index', found.adjusted_rand, '1: the same partition; 0: as by chance'),
        measure('normalised mutual information', found.normalised_mutual_information, '1: each tells the other; 0: they tell nothing of each other'),
        h('div', {}, h('dt', {}, 'rows with a label'), h('dd', {}, count(found.n))),
      ),
      scroll,
    ),
    svg: () => picture(page, table),
    csv: () => [
      ['component', ...Array.from({ length: table.nColumns }, (_, label) => labels.full(label))],
      ...Array.from({ length: table.nRows }, (_, k) => [k + 1, ...Array.from(table.row(k), float32)]),
    ],
  });
}
