// How sure the posteriors are: a histogram of the largest one of each row.

import { count, probability } from '../format';
import { accent, plot, Plot, soft } from './plot';

export function certainty({ edges, counts }: { edges: number[]; counts: number[] }, width: number): SVGSVGElement {
  const bins = counts.map((n, i) => ({
    from: edges[i]!,
    to: edges[i + 1]!,
    n,
    title: `${count(n)} rows between ${probability(edges[i]!, 2)} and ${probability(edges[i + 1]!, 2)}`,
  }));
  return plot('Histogram of the certainty of rows', {
    width,
    height: 280,
    marginLeft: 58,
    marginBottom: 42,
    marginTop: 12,
    x: { domain: [0, 1], label: 'posterior probability of the most probable component', labelAnchor: 'center', labelArrow: 'none', tickSize: 0 },
    y: { label: null, ticks: 4, tickSize: 0, tickFormat: (n: number) => count(n) },
    marks: [
      Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 4 }),
      Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'n', fill: accent, inset: 0.5 }),
      Plot.tip(bins, Plot.pointerX({ x1: 'from', x2: 'to', y: 'n', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
      Plot.ruleY([0], { stroke: soft }),
    ],
  });
}
