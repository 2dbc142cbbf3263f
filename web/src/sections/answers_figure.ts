// Items of more than two answers: how they are answered in each component.

import { float32, type Table } from '../csv';
import { figure } from '../figure';
import { count } from '../format';
import type { Item } from '../model';
import { componentName, type Page } from '../page';
import { stacked } from '../plots/stacked';
import { responsive } from '../responsive';

const maxItems = 30;

/** The items that tell most about the component, in the order of the data. */
function shown({ model }: Page): Item[] {
  const score = ({ first, size }: Item): number => model.information.subarray(first, first + size).reduce((sum, one) => sum + one, 0);
  const best = [...model.manyAnswered].sort((a, b) => score(b) - score(a) || a.first - b.first).slice(0, maxItems);
  return best.sort((a, b) => a.first - b.first);
}

function table({ model }: Page): Table {
  const rows = model.manyAnswered.flatMap(({ name, first, size }) =>
    Array.from({ length: size }, (_, answer) => first + answer).flatMap((d) =>
      Array.from({ length: model.nComponents }, (_, k) => [name, model.answer(d), k + 1, float32(model.theta.at(k, d)), float32(model.means[d])]),
    ),
  );
  return [['item', 'answer', 'component', 'probability', 'mean'], ...rows];
}

export function answersFigure(page: Page): HTMLElement {
  const items = shown(page);
  const all = page.model.manyAnswered.length;
  const some = items.length < all ? ` The ${items.length} of ${count(all)} items that tell most about the component.` : '';
  const plot = responsive((width) => stacked(page.model, items, width));
  return figure({
    name: 'answers',
    title: page.model.nComponents === 1 ? `How ${componentName(0)} answers` : 'How the components answer',
    note: `Items of more than two answers: the probability of each answer, in their order from light to dark.${some}`,
    content: plot.element,
    svg: plot.picture,
    csv: () => table(page),
  });
}
