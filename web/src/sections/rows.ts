// Who is in the components?

import { h } from '../dom';
import { figure } from '../figure';
import { count, fixed, percent } from '../format';
import type { Page } from '../page';
import { certainty } from '../plots/certainty';
import { responsive } from '../responsive';
import { agreement } from './agreement';
import { examples, leastCertain } from './members';
import { posteriorMatrix } from './posterior_matrix';
import { rowTable } from './row_table';
import { sizes } from './sizes';

function introduction(page: Page): string {
  const { classification } = page.model.model;
  if (!classification) return '';
  const { entropy_r2: certain, error } = classification;
  return `If each row were put into its most probable component, ${percent(error)} of the rows would be expected to be in the wrong one. The entropy R² is ${fixed(certain, 3)}: at 1 every row is certain, at 0 none is.`;
}

function certaintyFigure(page: Page): HTMLElement {
  const histogram = page.model.model.rows!.certainty;
  const plot = responsive((width) => certainty(histogram, width));
  return figure({
    name: 'certainty',
    title: 'How certain rows are of their component',
    content: plot.element,
    svg: plot.picture,
    csv: () => [['from', 'to', 'rows'], ...histogram.counts.map((n, i) => [histogram.edges[i], histogram.edges[i + 1], n])],
  });
}

export function rows(page: Page): HTMLElement {
  const { model } = page.model;
  const section = h('section', { id: 'rows', 'aria-labelledby': 'rows-title' }, h('h2', { id: 'rows-title' }, 'Who is in them?'));
  if (!model.rows) {
    section.append(
      h('p', { class: 'quiet' }, 'This report was made from the model alone. With the data as well, mixbern report MODEL DATA, it shows which rows belong to which component.'),
    );
    return section;
  }
  const total = model.rows.table.total;
  const narrow = model.labels !== null && (model.labels.table.shape[1] ?? 0) <= 6;
  section.append(
    h('p', {}, introduction(page)),
    h(
      'div',
      { class: 'pair' },
      certaintyFigure(page),
      sizes(page),
      page.model.nComponents > 1 ? posteriorMatrix(page) : null,
      narrow ? agreement(page) : null,
    ),
    ...(model.labels && !narrow ? [agreement(page)] : []),
    examples(page),
    leastCertain(page),
    rowTable(page, `${count(total)} rows`),
  );
  return section;
}
