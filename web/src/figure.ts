// A figure: a title that says what is seen, the picture, and its files.

import { type Table, toCsv } from './csv';
import { button, type Child, h } from './dom';
import { savePng, saveSvg, saveText } from './save';

export interface FigureOptions {
  /** Short name, of its element and of its files. */
  name: string;
  title: string;
  note?: Child;
  content: Element;
  /** The picture as it is now; without one only the numbers can be saved. */
  svg?: (() => SVGSVGElement | null) | undefined;
  csv: () => Table;
}

const stem = (name: string): string => `mixbern-${name}`;

function files({ name, title, svg, csv }: FigureOptions): HTMLElement {
  const offer = (kind: string, save: () => void): HTMLButtonElement =>
    button(kind, { 'aria-label': `Save “${title}” as ${kind}` }, save);
  const row = h('div', { class: 'files' });
  const withPicture = (save: (picture: SVGSVGElement) => void): void => {
    const picture = svg?.();
    if (picture) save(picture);
  };
  if (svg) {
    row.append(
      offer('SVG', () => withPicture((picture) => saveSvg(picture, `${stem(name)}.svg`))),
      offer('PNG', () => withPicture((picture) => void savePng(picture, `${stem(name)}.png`))),
    );
  }
  row.append(offer('CSV', () => saveText(toCsv(csv()), `${stem(name)}.csv`, 'text/csv')));
  return row;
}

export function figure(options: FigureOptions): HTMLElement {
  const { name, title, note, content } = options;
  return h(
    'figure',
    { id: `figure-${name}`, 'data-figure': name },
    h('figcaption', {}, h('h3', {}, title), note ? h('p', { class: 'note' }, note) : null),
    content,
    files(options),
  );
}
