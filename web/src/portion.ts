// The first of many things, and a button for the rest.

import { button, h } from './dom';
import { count } from './format';

export interface Portion {
  element: HTMLElement;
  /** Draws what is shown anew. */
  fill(): void;
}

/** Puts what `draw` makes of each item into `list`: at most `limit` of them until the reader asks for all. */
export function portion<T>(list: HTMLElement, limit: number, items: () => readonly T[], draw: (item: T) => HTMLElement): Portion {
  let all = false;
  const total = items().length;
  const fill = (): void => list.replaceChildren(...items().slice(0, all ? total : limit).map(draw));
  const rest = button(`Show all ${count(total)}`, { class: 'show-all' }, () => {
    all = true;
    fill();
    rest.remove();
  });
  fill();
  return { element: h('div', {}, list, total > limit ? rest : null), fill };
}
