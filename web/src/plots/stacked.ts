// How an item's answers are divided: a bar a component, and one of all rows.

import { percent, probability } from '../format';
import type { Item, ModelView } from '../model';
import { shorten } from '../names';
import { componentName } from '../page';
import { plot, Plot, soft } from './plot';

const rowHeight = 24;
const letter = 7.2;
/** Dark text reads better up to this shade. */
const brightest = 0.6;

interface Part {
  top: number;
  from: number;
  to: number;
  shade: number;
  answer: string;
  title: string;
}

interface Bar {
  top: number;
  name: string;
}

/** From light to dark in the order of the answers. */
const shade = (answer: number, size: number): number => 0.15 + (0.8 * answer) / Math.max(size - 1, 1);

function partsOf(view: ModelView, { name, first, size }: Item, top: number, bar: string, share: (d: number) => number): Part[] {
  let end = 0;
  return Array.from({ length: size }, (_, answer) => {
    const d = first + answer;
    const from = end;
    end += share(d);
    const title = `${shorten(name, 60)} = ${shorten(view.answer(d), 60)}\n${bar}: ${probability(share(d))}`;
    return { top, from, to: Math.min(end, 1), shade: shade(answer, size), answer: view.answer(d), title };
  });
}

/** The answer and its share, or as much of it as there is room for. */
function label(part: Part, width: number): string {
  const room = Math.floor(((part.to - part.from) * width - 8) / letter);
  const share = percent(part.to - part.from);
  const full = `${part.answer} ${share}`;
  return full.length <= room ? full : room > 4 ? shorten(part.answer, room) : '';
}

export function stacked(view: ModelView, items: readonly Item[], width: number): SVGSVGElement {
  const names = [...Array.from({ length: view.nComponents }, (_, k) => shorten(componentName(k), 18)), 'All rows'];
  const blockHeight = names.length + 1.6;
  const bars: Bar[] = [];
  const parts: Part[] = [];
  items.forEach((item, place) => {
    names.forEach((name, k) => {
      const top = place * blockHeight + 1 + k;
      bars.push({ top, name });
      parts.push(...partsOf(view, item, top, name, (d) => (k < view.nComponents ? view.theta.at(k, d) : view.means[d]!)));
    });
  });
  const marginLeft = Math.min(14 + Math.max(...names.map((name) => name.length)) * letter, width * 0.36);
  const inner = width - marginLeft - 16;
  const heads = items.map((item, place) => {
    const answers = Array.from({ length: item.size }, (_, answer) => view.answer(item.first + answer)).join(', ');
    return { place, name: shorten(`${shorten(item.name, 40)}: ${answers}`, Math.floor(inner / letter)) };
  });
  const text = { x: (part: Part) => (part.from + part.to) / 2, y: (part: Part) => part.top + 0.45, text: (part: Part) => label(part, inner) };
  return plot(`How ${items.length} items are answered in ${view.nComponents} components`, {
    width,
    height: 14 + items.length * blockHeight * rowHeight,
    marginLeft,
    marginRight: 16,
    marginTop: 6,
    marginBottom: 8,
    x: { domain: [0, 1], axis: null },
    y: { domain: [items.length * blockHeight, 0], axis: null },
    marks: [
      Plot.text(heads, { x: 0, y: ({ place }) => place * blockHeight + 0.45, text: 'name', textAnchor: 'start' }),
      Plot.text(bars, { x: 0, y: ({ top }) => top + 0.45, text: 'name', textAnchor: 'end', dx: -8, fill: soft }),
      Plot.rect(parts, { x1: 'from', x2: 'to', y1: 'top', y2: (part: Part) => part.top + 0.9, fill: 'var(--accent)', fillOpacity: 'shade', stroke: 'var(--paper)', strokeWidth: 1 }),
      Plot.text(parts.filter((part) => part.shade <= brightest), { ...text, fill: 'var(--ink)' }),
      Plot.text(parts.filter((part) => part.shade > brightest), { ...text, fill: 'var(--paper)' }),
      Plot.tip(parts, Plot.pointer({ x: (part: Part) => (part.from + part.to) / 2, y: (part: Part) => part.top + 0.45, title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
    ],
    opacity: { type: 'identity' },
  });
}
