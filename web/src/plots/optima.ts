// Distinct optima by their log-likelihood, and how many starts ended in each.

import type { Optimum } from '../document';
import { fixed, plural } from '../format';
import { plot, Plot, soft } from './plot';

export function optima(list: readonly Optimum[], width: number): SVGSVGElement {
  const data = list.map((optimum, place) => ({
    ...optimum,
    place,
    title: `Optimum ${place + 1}: ${fixed(optimum.log_likelihood, 4)}\n${plural(optimum.n_init, 'start')}`,
  }));
  const most = Math.max(...list.map((optimum) => optimum.n_init), 1);
  const colour = (optimum: { place: number }): string => (optimum.place === 0 ? 'var(--accent)' : 'var(--faint)');
  return plot('Starts that ended in each optimum', {
    width,
    height: 340,
    marginLeft: 48,
    marginBottom: 42,
    marginTop: 26,
    insetLeft: 10,
    insetRight: 10,
    x: { label: 'log-likelihood', labelAnchor: 'center', labelArrow: 'none', tickSize: 0, ticks: Math.max(2, Math.round(width / 150)), nice: true },
    y: { label: 'starts', labelArrow: 'none', tickSize: 0, zero: true, nice: true, ticks: Math.min(5, most), tickFormat: 'd' },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: Math.min(5, most) }),
      Plot.ruleX(data, { x: 'log_likelihood', y: 'n_init', stroke: colour, strokeWidth: 2 }),
      Plot.dot(data, { x: 'log_likelihood', y: 'n_init', fill: colour, r: 5 }),
      Plot.tip(data, Plot.pointerX({ x: 'log_likelihood', y: 'n_init', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
      Plot.ruleY([0], { stroke: soft }),
    ],
  });
}
