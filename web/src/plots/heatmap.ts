// A matrix as coloured cells. The cells are one picture, so that millions of them are as quick as a hundred.

import { isBright, ramp } from '../colour';
import { s } from '../dom';
import { shorten } from '../names';
import { canvas, type Meaning, paint } from '../pixels';
import { theme } from '../theme';
import { explain } from '../tooltip';

export interface Heatmap {
  label: string;
  rows: number;
  columns: number;
  meaning: Meaning;
  /** Level 0 … 1 of a cell; NaN where there is none. */
  level: (row: number, column: number) => number;
  explain: (row: number, column: number) => string;
  rowName?: (row: number) => string;
  columnName?: (column: number) => string;
  /** What rows and columns are, where there is no space for names. */
  rowAxis?: string;
  columnAxis?: string;
  /** Called with a cell that was clicked. */
  chosen?: (row: number, column: number) => void;
  /** What to write into cells that have the space. */
  text?: (row: number, column: number) => string;
  /** Size of a cell at most. */
  cell?: number;
}

const characterWidth = 6.6;

/** Averages neighbouring cells where there are more than pixels. */
function binned(map: Heatmap, height: number, width: number): (cell: number) => number {
  return (cell) => {
    const y = Math.floor(cell / width);
    const x = cell % width;
    const bottom = Math.max(Math.floor(((y + 1) * map.rows) / height), Math.floor((y * map.rows) / height) + 1);
    const right = Math.max(Math.floor(((x + 1) * map.columns) / width), Math.floor((x * map.columns) / width) + 1);
    let sum = 0;
    let n = 0;
    for (let r = Math.floor((y * map.rows) / height); r < bottom; r++) {
      for (let c = Math.floor((x * map.columns) / width); c < right; c++) {
        const level = map.level(r, c);
        if (level === level) {
          sum += level;
          n++;
        }
      }
    }
    return n > 0 ? sum / n : NaN;
  };
}

function cellsPicture(map: Heatmap, maxRows: number, maxColumns: number): string {
  const height = Math.min(map.rows, maxRows);
  const width = Math.min(map.columns, maxColumns);
  const level = binned(map, height, width);
  return canvas(width, height, map.label, (image) => paint(image, 0, 0, [height, width], map.meaning, level)).toDataURL();
}

function names(
  n: number,
  size: number,
  name: ((index: number) => string) | undefined,
  place: (index: number, text: string) => SVGTextElement,
): SVGTextElement[] {
  if (!name || size < 11) return [];
  return Array.from({ length: n }, (_, index) => place(index, name(index)));
}

interface Layout {
  left: number;
  top: number;
  cellWidth: number;
  cellHeight: number;
  turned: boolean;
}

function layout(map: Heatmap, width: number): Layout {
  const longest = (n: number, name?: (index: number) => string): number => {
    let most = 0;
    if (name && n <= 200) for (let i = 0; i < n; i++) most = Math.max(most, shorten(name(i), 24).length);
    return most;
  };
  const cell = map.cell ?? 34;
  const rowText = longest(map.rows, map.rowName) * characterWidth;
  const left = rowText > 0 ? Math.min(rowText + 14, width * 0.4) : map.rowAxis ? 24 : 0;
  const cellWidth = Math.min((width - left - 2) / map.columns, Math.max(cell, 900 / map.columns / 3));
  const columnText = longest(map.columns, map.columnName) * characterWidth;
  const turned = columnText > cellWidth - 4;
  const named = map.columnName !== undefined && cellWidth >= 11;
  const top = named ? (turned ? columnText + 10 : 20) : map.columnAxis ? 22 : 2;
  const cellHeight = Math.min(cell, Math.max(map.rowName && map.rows <= 80 ? 18 : 1.5, 420 / map.rows));
  return { left, top, cellWidth, cellHeight, turned };
}

export function heatmap(map: Heatmap, width: number): SVGSVGElement {
  const places = layout(map, width);
  const { left, top, cellWidth, cellHeight, turned } = places;
  const [innerWidth, innerHeight] = [cellWidth * map.columns, cellHeight * map.rows];
  const text = { 'font-size': 12.5, fill: 'var(--ink)', 'font-family': 'var(--sans)' };
  const soft = { ...text, fill: 'var(--soft)' };
  const picture = s('image', {
    x: left,
    y: top,
    width: innerWidth,
    height: innerHeight,
    preserveAspectRatio: 'none',
    'image-rendering': 'pixelated',
    href: cellsPicture(map, Math.ceil(innerHeight), Math.ceil(innerWidth * 2)),
  });
  const svg = s(
    'svg',
    { class: 'plot', width, height: top + innerHeight + 4, viewBox: `0 0 ${width} ${top + innerHeight + 4}`, role: 'img', 'aria-label': map.label },
    picture,
    ...names(map.rows, cellHeight, map.rowName, (row, name) =>
      s('text', { ...text, x: left - 8, y: top + (row + 0.5) * cellHeight, dy: '0.35em', 'text-anchor': 'end' }, shorten(name, 24)),
    ),
    ...names(map.columns, cellWidth, map.columnName, (column, name) => {
      const x = left + (column + 0.5) * cellWidth;
      return turned
        ? s('text', { ...text, transform: `translate(${x},${top - 6}) rotate(-90)`, dy: '0.35em' }, shorten(name, 24))
        : s('text', { ...text, x, y: top - 7, 'text-anchor': 'middle' }, shorten(name, 24));
    }),
    ...texts(map, places),
  );
  if (!(map.rowName && cellHeight >= 11) && map.rowAxis) {
    svg.append(s('text', { ...soft, transform: `translate(12,${top}) rotate(-90)`, 'text-anchor': 'end' }, map.rowAxis));
  }
  if (!(map.columnName && cellWidth >= 11) && map.columnAxis) {
    svg.append(s('text', { ...soft, x: left, y: top - 8 }, map.columnAxis));
  }
  const at = (share: number, n: number): number => Math.min(Math.max(Math.floor(share * n), 0), n - 1);
  explain(picture, (x, y) => map.explain(at(y, map.rows), at(x, map.columns)));
  const { chosen } = map;
  if (chosen) {
    picture.addEventListener('click', (event) => {
      const box = picture.getBoundingClientRect();
      chosen(at((event.clientY - box.top) / box.height, map.rows), at((event.clientX - box.left) / box.width, map.columns));
    });
  }
  return svg;
}

function texts(map: Heatmap, { left, top, cellWidth, cellHeight }: Layout): SVGTextElement[] {
  const { text } = map;
  if (!text || cellWidth < 34 || cellHeight < 17) return [];
  const table = ramp(map.meaning, theme());
  return Array.from({ length: map.rows * map.columns }, (_, i) => {
    const [row, column] = [Math.floor(i / map.columns), i % map.columns];
    const place = { x: left + (column + 0.5) * cellWidth, y: top + (row + 0.5) * cellHeight, dy: '0.35em', 'text-anchor': 'middle' };
    const fill = isBright(table, map.level(row, column)) ? '#14171b' : '#f6f5f0';
    return s('text', { ...place, fill, 'font-size': 12.5, 'font-family': 'var(--sans)', 'pointer-events': 'none' }, text(row, column));
  });
}

/** A strip of colours with its two ends named. */
export function scale(meaning: Meaning, from: string, to: string): HTMLElement {
  const table = ramp(meaning, theme());
  const bar = canvas(128, 1, `colours from ${from} to ${to}`, (image) => image.data.set(Array.from({ length: 128 }, (_, i) => [...table.slice(8 * i, 8 * i + 4)]).flat()));
  bar.className = 'scale';
  const element = document.createElement('span');
  element.className = 'scale';
  element.append(from, bar, to);
  return element;
}
