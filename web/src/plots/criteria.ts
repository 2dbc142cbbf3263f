// One criterion against the number of components.

import { significant } from '../format';
import { faint, ink, plot, Plot } from './plot';

export interface CriterionPlot {
  label: string;
  values: readonly { k: number; value: number }[];
  best: number;
  shown: number;
  chosen: (k: number) => void;
}

export function criterion({ label, values, best, shown, chosen }: CriterionPlot, width: number): SVGSVGElement {
  const data = values.map(({ k, value }) => ({ k, value, title: `K = ${k}\n${label} ${significant(value, 7)}` }));
  const at = (k: number): typeof data => data.filter((point) => point.k === k);
  const svg = plot(`${label} against the number of components, best at ${best}`, {
    width,
    height: 210,
    marginLeft: 58,
    marginRight: 14,
    marginTop: 14,
    marginBottom: 28,
    x: { type: 'point', domain: values.map(({ k }) => k), label: null, tickSize: 0, ...(values.length > width / 24 ? { ticks: 8 } : {}) },
    y: { label: null, ticks: 4, tickSize: 0, nice: true },
    marks: [
      Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 4 }),
      Plot.ruleX(at(shown), { x: 'k', stroke: faint, strokeDasharray: '3 3' }),
      Plot.line(data, { x: 'k', y: 'value', stroke: 'var(--soft)', strokeWidth: 1.5 }),
      Plot.dot(data, { x: 'k', y: 'value', fill: 'var(--paper)', stroke: 'var(--soft)', strokeWidth: 1.5, r: 4 }),
      Plot.dot(at(best), { x: 'k', y: 'value', fill: 'var(--accent)', r: 6, stroke: 'var(--paper)', strokeWidth: 1.5 }),
      Plot.tip(data, Plot.pointerX({ x: 'k', y: 'value', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)', textPadding: 6 })),
    ],
  });
  svg.style.cursor = 'pointer';
  svg.style.color = ink;
  svg.addEventListener('click', (event) => {
    const box = svg.getBoundingClientRect();
    const inner = box.width * (1 - (58 + 14) / width);
    const share = (event.clientX - box.left - (58 / width) * box.width) / inner;
    const place = Math.min(Math.max(Math.floor(share * values.length), 0), values.length - 1);
    chosen(values[place]!.k);
  });
  return svg;
}
