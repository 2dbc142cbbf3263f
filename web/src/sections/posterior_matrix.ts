// Which components are mistaken for each other.

import { float32 } from '../csv';
import { h } from '../dom';
import { figure } from '../figure';
import { probability } from '../format';
import { componentName, orderedComponents, type Page, shortComponentName } from '../page';
import { heatmap, scale } from '../plots/heatmap';
import { responsive } from '../responsive';
import { Matrix } from '../tensor';
import { onTheme } from '../theme';

function draw(page: Page): HTMLElement {
  const matrix = Matrix.from(page.model.model.classification!.average_posteriors);
  const ks = orderedComponents(page);
  const name = (place: number): string => shortComponentName(ks[place]!);
  const plot = responsive((width) =>
    heatmap(
      {
        label: 'Average posterior of each component among the rows of each',
        rows: ks.length,
        columns: ks.length,
        meaning: 'heat',
        cell: ks.length <= 12 ? 36 : Math.max(2, 420 / ks.length),
        level: (row, column) => matrix.at(ks[row]!, ks[column]!),
        explain: (row, column) => `Rows of ${componentName(ks[row]!)}:\naverage posterior of ${componentName(ks[column]!)} is ${probability(matrix.at(ks[row]!, ks[column]!))}`,
        text: (row, column) => probability(matrix.at(ks[row]!, ks[column]!), 2),
        rowName: name,
        columnName: name,
        rowAxis: 'rows of component',
        columnAxis: 'average posterior of component',
        chosen: (row, column) => page.view.set({ component: String(ks[row]! + 1), versus: String(ks[column]! + 1) }),
      },
      Math.min(width, 620),
    ),
  );
  const legend = h('p', { class: 'note' });
  const fill = (): void => legend.replaceChildren(scale('heat', '0', '1'));
  fill();
  onTheme(plot.element, () => {
    plot.redraw();
    fill();
  });
  return figure({
    name: 'posteriors',
    title: 'Which components are mistaken for each other',
    note: 'One line for the rows of each component, one column for the posterior that they give each on average. A clear solution has nothing beside the diagonal. Click a cell to compare its two components.',
    content: h('div', {}, legend, plot.element),
    svg: plot.picture,
    csv: () => [
      ['rows_of', ...ks.map((k) => `component_${k + 1}`)],
      ...ks.map((k) => [k + 1, ...ks.map((j) => float32(matrix.at(k, j)))]),
    ],
  });
}

export const posteriorMatrix = (page: Page): HTMLElement => page.live(['order'], () => draw(page));
