// How shares of all components move with one variable.

import type { MembershipCurve } from '../document';
import { percent, significant } from '../format';
import { shorten } from '../names';
import { plot, Plot, rule } from './plot';

interface Point {
  x: number;
  share: number;
  component: number;
  title: string;
}

const valueName = ({ values, categories }: MembershipCurve, i: number): string => categories[i] ?? significant(values[i], 4);

function points(curve: MembershipCurve, nComponents: number, name: (k: number) => string): Point[] {
  return curve.values.flatMap((x, i) =>
    Array.from({ length: nComponents }, (_, k) => {
      const share = curve.shares[i * nComponents + k]!;
      return { x, share, component: k, title: `${name(k)}\n${curve.name} ${valueName(curve, i)}: ${percent(share)}` };
    }),
  );
}

export function curves(curve: MembershipCurve, nComponents: number, name: (k: number) => string, colour: (k: number) => string, width: number): SVGSVGElement {
  const data = points(curve, nComponents, name);
  const categories = curve.categories.length > 0;
  // Letters that stand beside each other without touching.
  const room = Math.max(3, Math.floor((width - 86) / Math.max(curve.categories.length, 1) / 8));
  const last = data.filter((point) => point.x === curve.values.at(-1));
  return plot(`Predicted shares of the components by ${curve.name}`, {
    width,
    height: 320,
    marginLeft: 52,
    marginRight: 34,
    marginTop: 22,
    marginBottom: 44,
    x: {
      label: curve.name, labelAnchor: 'center', labelArrow: 'none', tickSize: 0,
      ...(categories ? { ticks: curve.values, tickFormat: (x: number) => shorten(curve.categories[x] ?? '', room), inset: 24 } : { ticks: Math.max(3, Math.round(width / 110)) }),
    },
    y: { label: 'share', labelArrow: 'none', tickSize: 0, ticks: 5, zero: true, percent: false, tickFormat: '.0%' },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: rule, strokeOpacity: 1, ticks: 5 }),
      Plot.line(data, { x: 'x', y: 'share', z: 'component', stroke: (point: Point) => colour(point.component), strokeWidth: 2.2 }),
      Plot.dot(categories ? data : [], { x: 'x', y: 'share', fill: (point: Point) => colour(point.component), r: 4 }),
      Plot.text(last, { x: 'x', y: 'share', text: (point: Point) => String(point.component + 1), dx: 14, fill: (point: Point) => colour(point.component) }),
      Plot.tip(data, Plot.pointer({ x: 'x', y: 'share', title: 'title', fill: 'var(--paper)', stroke: rule })),
    ],
  });
}
