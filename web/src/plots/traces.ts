// What each start gained with its iterations.

import type { Start } from '../document';
import { significant } from '../format';
import { faint, plot, Plot } from './plot';

interface Point {
  start: number;
  iteration: number;
  value: number;
  title: string;
}

function points(starts: readonly Start[]): Point[] {
  return starts.flatMap(({ trace }, start) =>
    trace
      ? trace.iteration.flatMap((iteration, i) => {
          const value = trace.mean_log_likelihood[i];
          if (value === null || value === undefined) return [];
          return [{ start, iteration, value, title: `Start ${start + 1}, iteration ${iteration}\n${significant(value, 8)} a row` }];
        })
      : [],
  );
}

export const hasTraces = (starts: readonly Start[] | null): boolean => starts?.some(({ trace }) => trace !== null) ?? false;

/** Position of the start that ended best. */
export function bestStart(starts: readonly Start[]): number {
  let best = -1;
  starts.forEach(({ log_likelihood: value }, i) => {
    if (value !== null && (best < 0 || value > starts[best]!.log_likelihood!)) best = i;
  });
  return best;
}

/** `distance`: how far each iteration is below the best value that any start reached, on a log scale. */
export function traces(starts: readonly Start[], distance: boolean, width: number): SVGSVGElement {
  const best = bestStart(starts);
  let data = points(starts);
  const top = data.reduce((most, point) => Math.max(most, point.value), -Infinity);
  if (distance) data = data.map((point) => ({ ...point, value: top - point.value })).filter((point) => point.value > 1e-12);
  // The first iterations come from far below and would press the rest into one line.
  const values = data.map((point) => point.value).sort((a, b) => a - b);
  const low = values[Math.floor(values.length / 10)];
  const span: Plot.ScaleOptions = distance || low === undefined ? {} : { domain: [low, top], clamp: true, nice: true };
  const line = { x: 'iteration', y: 'value', z: 'start', clip: true } as const;
  return plot('Log-likelihood of each start against its iterations', {
    width,
    height: 340,
    marginLeft: 68,
    marginBottom: 42,
    marginTop: 26,
    x: { label: 'iteration', labelAnchor: 'center', labelArrow: 'none', tickSize: 0 },
    y: {
      ...span,
      type: distance ? 'log' : 'linear',
      label: distance ? 'below the best, a row' : 'mean log-likelihood a row',
      labelArrow: 'none',
      tickSize: 0,
      ticks: 5,
      ...(distance ? { tickFormat: (value: number) => (Number.isInteger(Math.log10(value)) ? `1e${Math.log10(value)}`.replace('-', '−') : '') } : {}),
    },
    marks: [
      Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 5 }),
      Plot.line(data.filter((point) => point.start !== best), { ...line, stroke: faint, strokeWidth: 1 }),
      Plot.line(data.filter((point) => point.start === best), { ...line, stroke: 'var(--accent)', strokeWidth: 2.4 }),
      Plot.tip(data, Plot.pointer({ x: 'iteration', y: 'value', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
    ],
  });
}
