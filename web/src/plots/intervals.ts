// Estimates with their intervals, one below the other.

import { plot, Plot, rule, soft } from './plot';

export interface Estimate {
  name: string;
  title: string;
  value: number;
  low: number | null;
  high: number | null;
  colour: string;
}

export interface IntervalPlot {
  label: string;
  axis: string;
  estimates: readonly Estimate[];
  /** Where nothing differs. */
  nothing?: number;
  /** Ratios stand on a logarithmic scale. */
  ratios?: boolean;
}

export function intervals({ label, axis, estimates, nothing, ratios }: IntervalPlot, width: number): SVGSVGElement {
  const rows = estimates.map((estimate, place) => ({ ...estimate, place }));
  const longest = rows.reduce((most, row) => Math.max(most, [...row.name].length), 0);
  const ends = rows.flatMap(({ place, low, high, colour }) => (low !== null && high !== null ? [{ place, low, high, colour }] : []));
  const ticks = Math.max(3, Math.round(width / 140));
  return plot(label, {
    width,
    height: 60 + rows.length * 24,
    marginLeft: Math.min(18 + longest * 7, width * 0.5),
    marginRight: 26,
    marginTop: 6,
    marginBottom: 44,
    x: { label: axis, labelAnchor: 'center', labelArrow: 'none', ticks, tickSize: 0, ...(ratios ? { type: 'log', tickFormat: '~g' } : {}) },
    y: { type: 'band', domain: rows.map((row) => row.place), tickFormat: (place: number) => rows[place]?.name ?? '', label: null, tickSize: 0 },
    color: { type: 'identity' },
    marks: [
      Plot.gridX({ stroke: rule, strokeOpacity: 1, ticks }),
      Plot.ruleX(nothing === undefined ? [] : [nothing], { stroke: soft, strokeDasharray: '3 3' }),
      Plot.ruleY(ends, { y: 'place', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 2, strokeOpacity: 0.6 }),
      Plot.dot(rows, { x: 'value', y: 'place', r: 4.2, fill: 'colour' }),
      Plot.tip(rows, Plot.pointerY({ x: 'value', y: 'place', title: 'title', fill: 'var(--paper)', stroke: rule })),
    ],
  });
}
