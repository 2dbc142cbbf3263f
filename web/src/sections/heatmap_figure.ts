// All probabilities at once, similar components and similar items side by side.

import { float32, type Table } from '../csv';
import { h } from '../dom';
import { figure } from '../figure';
import { count, probability } from '../format';
import { componentName, type Page, shortComponentName } from '../page';
import { heatmap, scale } from '../plots/heatmap';
import { responsive } from '../responsive';
import { onTheme } from '../theme';

/** With more items than this, they run across, too many to be named. */
const maxNamed = 80;

export function heatmapFigure(page: Page): HTMLElement {
  const { theta, top, features, seriation, nComponents, nFeatures, axis, meaning } = page.model;
  const { rows: components, columns: items } = seriation;
  const upright = nFeatures <= maxNamed;
  const explain = (k: number, d: number): string => `${features.short(d, 80)}\n${componentName(k)}: ${probability(theta.at(k, d))}`;
  const label = `Probabilities of ${nFeatures} items in ${nComponents} components, similar ones side by side`;
  const common = { label, meaning: 'heat' as const };
  const choose = (k: number): void => page.view.set({ component: String(k + 1) });
  const plot = responsive((width) =>
    upright
      ? heatmap(
          {
            ...common,
            rows: nFeatures,
            columns: nComponents,
            cell: nFeatures > 30 ? 20 : 28,
            level: (row, column) => theta.at(components[column]!, items[row]!) / top,
            explain: (row, column) => explain(components[column]!, items[row]!),
            rowName: (row) => features.short(items[row]!, 24),
            columnName: (column) => shortComponentName(components[column]!),
            columnAxis: axis === 'probability' ? 'components' : `components, ${axis}`,
            text: (row, column) => probability(theta.at(components[column]!, items[row]!), 2),
            chosen: (_row, column) => choose(components[column]!),
          },
          Math.min(width, 220 + 110 * nComponents),
        )
      : heatmap(
          {
            ...common,
            rows: nComponents,
            columns: nFeatures,
            level: (row, column) => theta.at(components[row]!, items[column]!) / top,
            explain: (row, column) => explain(components[row]!, items[column]!),
            rowName: (row) => shortComponentName(components[row]!),
            rowAxis: 'components',
            columnAxis: axis === 'probability' ? `${count(nFeatures)} items` : `${count(nFeatures)} items, ${axis}`,
            chosen: (row) => choose(components[row]!),
          },
          width,
        ),
  );
  const legend = h('p', { class: 'note' });
  const fillLegend = (): void => legend.replaceChildren(scale('heat', '0', String(top)));
  fillLegend();
  onTheme(plot.element, () => {
    plot.redraw();
    fillLegend();
  });
  const csv = (): Table => [
    ['feature', ...components.map((k) => `component_${k + 1}`), 'answer'],
    ...items.map((d) => [features.full(d), ...components.map((k) => float32(theta.at(k, d))), page.model.answer(d)]),
  ];
  return figure({
    name: 'heatmap',
    title: 'All probabilities at once',
    note: `${meaning && `${meaning} `}Components and items are ordered by similarity. Point at a cell to read it; click it to choose its component.`,
    content: h('div', {}, legend, plot.element),
    svg: plot.picture,
    csv,
  });
}
