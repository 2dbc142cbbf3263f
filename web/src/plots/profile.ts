// The picture of every latent class paper: probability of each item in each component.

import { componentColour, maxColours } from '../colour';
import { probability } from '../format';
import type { ModelView } from '../model';
import { faint, plot, Plot, soft } from './plot';
import { componentName } from '../page';

export const symbols = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye', 'hexagon'] as const;

interface Point {
  k: number;
  place: number;
  p: number;
  lower: number;
  upper: number;
  title: string;
}

function points(view: ModelView, items: readonly number[], components: readonly number[]): Point[] {
  const { theta, intervals, features } = view;
  return components.flatMap((k) =>
    items.map((d, place) => {
      const lower = intervals?.lower.at(k, d) ?? NaN;
      const upper = intervals?.upper.at(k, d) ?? NaN;
      const p = theta.at(k, d);
      const range = Number.isFinite(lower) ? ` (${probability(lower)} to ${probability(upper)})` : '';
      return { k, place, p, lower, upper, title: `${features.short(d, 80)}\n${componentName(k)}: ${probability(p)}${range}` };
    }),
  );
}

/** The components to draw in colour: all of a few, else the chosen two. */
export const inColour = (view: ModelView, chosen: number, versus: number): number[] =>
  view.nComponents <= maxColours ? Array.from({ length: view.nComponents }, (_, k) => k) : [...new Set([chosen, versus])];

export function profile(
  view: ModelView,
  items: readonly number[],
  [chosen, versus]: readonly [number, number],
  width: number,
): SVGSVGElement {
  const coloured = inColour(view, chosen, versus);
  const others = Array.from({ length: view.nComponents }, (_, k) => k).filter((k) => !coloured.includes(k));
  const few = view.nComponents <= maxColours;
  const colour = (point: Point): string =>
    few ? componentColour(point.k) : point.k === chosen ? 'var(--accent)' : 'var(--second)';
  const data = points(view, items, coloured);
  const label = (place: number): string => view.features.short(items[place] ?? 0, 18);
  const longest = view.features.longest(items, 18);
  const upright = items.length * Math.max(longest * 7.2, 26) < width - 60;
  const slanted = !upright && items.length * 20 < width - 60 && width > 560;
  const sideways = !upright && !slanted;

  // Intervals of neighbouring components would cover each other on one line.
  const step = sideways ? 3.2 : Math.min(7, ((width - 60) / Math.max(items.length, 1) / Math.max(coloured.length, 1)) * 0.45);
  const shift = (k: number): number => (coloured.indexOf(k) - (coloured.length - 1) / 2) * step;
  const along = sideways ? { x: 'p', y: 'place' } : { x: 'place', y: 'p' };
  const offset = (k: number): { dx?: number; dy?: number } => (sideways ? { dy: shift(k) } : { dx: shift(k) });
  const of = (k: number): Point[] => data.filter((point) => point.k === k);

  const marks: Plot.Markish[] = [
    sideways ? Plot.gridX({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 5 }) : Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 5 }),
    Plot.line(points(view, items, others), { ...along, z: 'k', stroke: faint, strokeWidth: 0.75, strokeOpacity: 0.55 }),
  ];
  for (const k of coloured) {
    const own = of(k);
    const ranged = own.filter((point) => Number.isFinite(point.lower));
    const bars = { stroke: colour, strokeWidth: 1.4, strokeOpacity: 0.65, ...offset(k) };
    marks.push(
      Plot.line(own, { ...along, z: 'k', stroke: colour, strokeWidth: k === chosen ? 2.6 : 1.6, ...offset(k) }),
      sideways
        ? Plot.ruleY(ranged, { y: 'place', x1: 'lower', x2: 'upper', ...bars })
        : Plot.ruleX(ranged, { x: 'place', y1: 'lower', y2: 'upper', ...bars }),
      Plot.dot(own, { ...along, fill: colour, symbol: symbols[k % symbols.length]!, r: 3.6, ...offset(k) }),
    );
  }
  marks.push(Plot.tip(data, Plot.pointer({ ...along, title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })));

  const named = view.axis !== 'probability';
  const chance: Plot.ScaleOptions = {
    domain: [0, view.top],
    label: named ? view.axis : null,
    labelArrow: 'none',
    ...(sideways ? { labelAnchor: 'center' } : {}),
    ticks: 5,
    tickSize: 0,
  };
  const places: Plot.ScaleOptions = {
    type: 'point',
    domain: items.map((_, place) => place),
    tickFormat: label,
    label: null,
    tickSize: 0,
    padding: 0.5,
  };
  return plot(`Probability of ${items.length} items in ${view.nComponents} components`, {
    width,
    height: sideways ? (named ? 82 : 40) + items.length * Math.max(26, coloured.length * 4 + 8) : slanted ? 430 : 360,
    marginLeft: sideways ? Math.min(14 + longest * 7, width * 0.42) : 36,
    marginRight: 16,
    marginTop: named ? (sideways ? 40 : 30) : 12,
    marginBottom: slanted ? Math.min(30 + longest * 5, 130) : sideways && named ? 44 : 30,
    x: sideways ? { ...chance, axis: 'both' } : { ...places, ...(slanted ? { tickRotate: -45 } : {}) },
    y: sideways ? places : chance,
    symbol: { type: 'identity' },
    color: { type: 'identity' },
    marks: [...marks, Plot.frame({ anchor: sideways ? 'left' : 'bottom', stroke: soft })],
  });
}
