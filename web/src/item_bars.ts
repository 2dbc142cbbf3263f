// A few items with the probability that a component gives them.

import { h } from './dom';
import { probability } from './format';
import type { ModelView } from './model';

export function itemBars(view: ModelView, k: number, items: readonly number[]): HTMLElement {
  const list = h('span', { class: 'items' });
  for (const d of items) {
    const theta = view.theta.at(k, d);
    const bar = h('i');
    bar.style.width = `${(100 * theta) / view.top}%`;
    const mean = h('u');
    mean.style.left = `${Math.min(100, (100 * view.means[d]!) / view.top)}%`;
    list.append(
      h('span', { class: 'name', title: view.features.full(d) }, view.features.short(d, 40)),
      h('span', { class: 'track' }, bar, mean),
      h('span', { class: 'value' }, probability(theta, 2)),
    );
  }
  return list;
}
