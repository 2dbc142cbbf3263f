// What are the components?

import { componentColour, maxColours } from '../colour';
import { h } from '../dom';
import { heatmapFigure } from './heatmap_figure';
import { itemTable } from './item_table';
import { contrast } from './contrast';
import { cards } from './cards';
import { detail } from './detail';
import { profileFigure } from './profile_figure';
import { answersFigure } from './answers_figure';
import { rankedLists } from './ranked_lists';
import { type Page } from '../page';

export const colourOf = (page: Page, k: number): string =>
  page.model.nComponents <= maxColours ? componentColour(k) : 'var(--accent)';

function introduction(page: Page): string {
  if (page.model.data.shape) {
    return 'Each component is a picture: how probable every pixel is to be set in the rows that belong to it. Choose one to look at it closely.';
  }
  const of = page.model.meaning && ` ${page.model.meaning}`;
  const each = page.model.data.items ? 'answer' : 'item';
  return `Each component is a list of probabilities, one an ${each}.${of} The bars show the items that set it apart most; the dark mark on each is the share among all rows. Choose one to look at it closely.`;
}

const comparison = (page: Page): HTMLElement[] => (page.model.nComponents > 1 ? [contrast(page)] : []);

/** With more items than this, a picture of all is a pale strip: lists tell more. */
const maxPictured = 300;

const overview = (page: Page): HTMLElement => (page.model.nFeatures <= maxPictured ? heatmapFigure(page) : rankedLists(page));

/** Of items of two answers, and of those of more. */
const profiles = (page: Page): HTMLElement[] => [
  ...(page.model.binary.length > 0 ? [profileFigure(page)] : []),
  ...(page.model.manyAnswered.length > 0 ? [answersFigure(page)] : []),
];

export function components(page: Page): HTMLElement {
  const image = page.model.data.shape !== null;
  return h(
    'section',
    { id: 'components', 'aria-labelledby': 'components-title' },
    h('h2', { id: 'components-title' }, 'What are the components?'),
    h('p', {}, introduction(page)),
    ...(image ? [] : profiles(page)),
    cards(page),
    ...(image ? [detail(page), ...comparison(page)] : [h('div', { class: 'pair' }, detail(page), ...comparison(page))]),
    ...(image ? [] : [overview(page)]),
    itemTable(page),
  );
}
