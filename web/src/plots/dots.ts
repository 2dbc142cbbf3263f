// Two values each of some things, side by side: which items tell two components apart, sizes counted in two ways.

import { plot, Plot, soft } from './plot';

export interface Pair {
  name: string;
  title: string;
  a: number;
  b: number;
  aRange?: readonly [number, number] | null;
  bRange?: readonly [number, number] | null;
}

export interface PairPlot {
  label: string;
  axis: string;
  pairs: readonly Pair[];
  colours: readonly [string, string];
  domain?: [number, number];
  tickFormat?: string;
  zero?: boolean;
}

export function pairs({ label, axis, pairs: data, colours, domain, tickFormat, zero }: PairPlot, width: number): SVGSVGElement {
  const longest = data.reduce((most, pair) => Math.max(most, [...pair.name].length), 0);
  const rows = data.map((pair, place) => ({ ...pair, place }));
  // Two intervals on one line would cover each other.
  const apart = data.some((pair) => pair.aRange && pair.bRange) ? 4 : 0;
  const ticks = Math.max(3, Math.round(width / 130));
  const range = (which: 'a' | 'b', colour: string, dy: number): Plot.Markish => {
    const ranged = rows.flatMap((row) => {
      const ends = row[`${which}Range`];
      return ends && Number.isFinite(ends[0]) ? [{ place: row.place, low: ends[0], high: ends[1] }] : [];
    });
    return Plot.ruleY(ranged, { y: 'place', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 2, strokeOpacity: 0.55, dy });
  };
  return plot(label, {
    width,
    height: 56 + rows.length * (apart ? 28 : 24),
    marginLeft: Math.min(18 + longest * 7, width * 0.45),
    marginRight: 22,
    marginTop: 6,
    marginBottom: 40,
    x: { label: axis, labelAnchor: 'center', labelArrow: 'none', ticks, tickSize: 0, zero: zero ?? false, ...(domain ? { domain } : {}), ...(tickFormat ? { tickFormat } : {}) },
    y: { type: 'band', domain: rows.map((row) => row.place), tickFormat: (place: number) => rows[place]?.name ?? '', label: null, tickSize: 0 },
    color: { type: 'identity' },
    marks: [
      Plot.gridX({ stroke: 'var(--rule)', strokeOpacity: 1, ticks }),
      Plot.ruleY(apart ? [] : rows, { y: 'place', x1: 'a', x2: 'b', stroke: soft, strokeOpacity: 0.4, strokeWidth: 1 }),
      range('a', colours[0], -apart),
      range('b', colours[1], apart),
      Plot.dot(rows, { x: 'b', y: 'place', r: 4.8, symbol: 'square', fill: 'var(--paper)', fillOpacity: 0.6, stroke: colours[1], strokeWidth: 1.8, dy: apart }),
      Plot.dot(rows, { x: 'a', y: 'place', r: 3.8, fill: colours[0], dy: -apart }),
      Plot.tip(rows, Plot.pointerY({ x: 'a', y: 'place', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
    ],
  });
}
