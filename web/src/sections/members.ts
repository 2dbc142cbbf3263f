// Rows to look at: typical members of each component, and the rows that could as well be elsewhere.

import { inWords, maxNamed, titleOfWords } from '../answers';
import type { RowsDocument } from '../document';
import { h } from '../dom';
import { figure } from '../figure';
import { count, probability } from '../format';
import { shorten } from '../names';
import { componentName, orderedComponents, type Page } from '../page';
import { rowLevels, strip } from '../pictures';
import { bit, decode, Matrix, type Values } from '../tensor';
import { gallerySvg, type NamedPicture } from '../gallery';
import { portion } from '../portion';
import { onTheme } from '../theme';
import type { Table } from '../csv';

interface Cells {
  row: Values;
  ids: string[] | null;
  component: Values;
  certainty: Values;
  bits: Matrix;
  missing: Matrix | null;
}

const decodeCells = ({ cells }: RowsDocument): Cells => ({
  row: decode(cells.row),
  ids: cells.ids,
  component: decode(cells.component),
  certainty: decode(cells.certainty),
  bits: Matrix.from(cells.bits),
  missing: cells.missing && Matrix.from(cells.missing),
});

/** What a row is called: its id, or its number. */
const rowName = (cells: Cells, place: number): string => (cells.ids ? shorten(cells.ids[place]!, 24) : count(cells.row[place]! + 1));

const title = (cells: Cells, place: number): string =>
  `Row ${rowName(cells, place)}\ncomponent ${cells.component[place]! + 1}, certainty ${probability(cells.certainty[place])}`;

const words = (page: Page, cells: Cells, place: number): string =>
  inWords(page.model, (d) => (cells.missing && bit(cells.missing, place, d) ? '?' : bit(cells.bits, place, d) ? '1' : '0'));

/** Whether there is room for a mark and a name an item; without it, a row is told in words. */
const hasGrid = ({ model }: Page): boolean => model.data.items === null && model.nFeatures <= maxNamed && 150 + 72 * model.nFeatures <= Math.min(innerWidth - 40, 1100);

/** What rows in words name, for a figure's note. */
const named = (page: Page): string => (page.model.data.shape || hasGrid(page) ? '' : ` Named are the ${titleOfWords(page.model)}.`);

function cell(cells: Cells, place: number, d: number): HTMLElement {
  const [sign, word] = cells.missing && bit(cells.missing, place, d) ? ['?', 'missing'] : bit(cells.bits, place, d) ? ['●', 'one'] : ['·', 'zero'];
  return h('td', { class: 'mark' }, h('span', { 'aria-hidden': 'true' }, sign), h('span', { class: 'only-read' }, word));
}

function grid(page: Page, cells: Cells, places: readonly number[], label: string): HTMLElement {
  const { features, nFeatures } = page.model;
  const items = Array.from({ length: nFeatures }, (_, d) => d);
  const head = h('tr', {}, h('th', { scope: 'col', class: 'first-column number' }, cells.ids ? 'id' : 'row'), h('th', { scope: 'col', class: 'number' }, 'certainty'),
    ...items.map((d) => h('th', { scope: 'col', class: 'mark', title: features.full(d) }, h('span', { class: 'name' }, features.short(d, 10)))));
  const body = places.map((place) =>
    h('tr', { title: title(cells, place) }, h('th', { scope: 'row', class: 'first-column number' }, rowName(cells, place)), h('td', { class: 'number' }, probability(cells.certainty[place])), ...items.map((d) => cell(cells, place, d))),
  );
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, h('table', { class: 'compact', 'aria-label': label }, h('thead', {}, head), h('tbody', {}, ...body)));
}

function list(page: Page, cells: Cells, places: readonly number[]): HTMLElement {
  return h(
    'ul',
    { class: 'rows' },
    ...places.map((place) =>
      h('li', { title: title(cells, place) }, h('b', {}, cells.ids ? rowName(cells, place) : `Row ${rowName(cells, place)}`), ` ${probability(cells.certainty[place], 2)} `, h('span', { class: 'name' }, words(page, cells, place))),
    ),
  );
}

function drawRows(page: Page, cells: Cells, places: readonly number[], label: string, columns: number): HTMLElement {
  const { shape } = page.model.data;
  if (places.length === 0) return h('p', { class: 'note' }, 'no row');
  if (shape) {
    return strip(shape, label, places.map((place) => rowLevels(cells.bits, cells.missing, place)), columns, (i) => title(cells, places[i]!));
  }
  return hasGrid(page) ? grid(page, cells, places, label) : list(page, cells, places);
}

function csv(page: Page, cells: Cells, groups: readonly (readonly number[])[]): Table {
  const { features, nFeatures } = page.model;
  const items = Array.from({ length: nFeatures }, (_, d) => d);
  const value = (place: number, d: number): number | null => (cells.missing && bit(cells.missing, place, d) ? null : Number(bit(cells.bits, place, d)));
  return [
    ['row', ...(cells.ids ? ['id'] : []), 'component', 'certainty', ...items.map((d) => features.full(d))],
    ...groups.flatMap((places) =>
      places.map((place) => [cells.row[place]! + 1, ...(cells.ids ? [cells.ids[place]!] : []), cells.component[place]! + 1, cells.certainty[place], ...items.map((d) => value(place, d))]),
    ),
  ];
}

const shownList = 4;
/** More are shown when the reader asks for them. */
const firstComponents = { image: 60, items: 24 };

const pictures = (cells: Cells, places: readonly number[]): NamedPicture[] =>
  places.map((place) => ({ name: `row ${rowName(cells, place)}`, levels: rowLevels(cells.bits, cells.missing, place) }));

export function examples(page: Page): HTMLElement {
  const document = page.model.model.rows!;
  const cells = decodeCells(document);
  const few = page.model.data.shape ? 12 : page.model.nComponents > 24 ? 2 : hasGrid(page) ? 6 : shownList;
  const draw = (k: number): HTMLElement =>
    h('div', { class: 'strip' }, h('h4', {}, componentName(k)), drawRows(page, cells, document.examples[k]?.slice(0, few) ?? [], `Members of component ${k + 1}`, 12));
  const image = page.model.data.shape;
  const wide = !image && hasGrid(page) && page.model.nFeatures > 4;
  const strips = h('div', { class: `strips${page.model.nComponents > firstComponents.image ? ' many' : ''}${wide ? ' wide' : ''}` });
  const shown = portion(strips, image ? firstComponents.image : firstComponents.items, () => orderedComponents(page), draw);
  page.view.on(['order'], shown.fill);
  if (image) onTheme(strips, shown.fill);
  return figure({
    name: 'examples',
    title: 'Members of each component',
    note: `Rows that are certain of their component and, among those, most probable.${named(page)}`,
    content: shown.element,
    svg: image ? () => gallerySvg(image, document.examples.flatMap((places) => pictures(cells, places))) : undefined,
    csv: () => csv(page, cells, document.examples),
  });
}

export function leastCertain(page: Page): HTMLElement {
  const document = page.model.model.rows!;
  const cells = decodeCells(document);
  const places = document.least_certain.slice(0, page.model.data.shape ? 60 : 12);
  const draw = (): HTMLElement => drawRows(page, cells, places, 'The least certain rows', page.model.data.shape ? (innerWidth < 640 ? 10 : 20) : 12);
  const content = h('div', {}, draw());
  const image = page.model.data.shape;
  if (image) onTheme(content, () => content.replaceChildren(draw()));
  return figure({
    name: 'least-certain',
    title: 'The least certain rows',
    note: `Rows that could as well belong to another component, least certain first.${named(page)}`,
    content,
    svg: image ? () => gallerySvg(image, pictures(cells, places)) : undefined,
    csv: () => csv(page, cells, [document.least_certain]),
  });
}
