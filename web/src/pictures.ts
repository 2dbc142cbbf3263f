// Components and rows as images.

import { h } from './dom';
import { probability } from './format';
import type { ModelView } from './model';
import { canvas, type Meaning, paint } from './pixels';
import type { Matrix } from './tensor';
import { bit } from './tensor';
import { explain } from './tooltip';
import { componentName } from './page';

export type Side = 'probability' | 'difference';

export const pixelAt = ([height, width]: readonly [number, number], x: number, y: number): number =>
  Math.min(Math.max(Math.floor(y * height), 0), height - 1) * width + Math.min(Math.max(Math.floor(x * width), 0), width - 1);

export interface Levels {
  meaning: Meaning;
  level: (d: number) => number;
}

export function componentLevels(view: ModelView, k: number, side: Side): Levels {
  const theta = view.theta.row(k);
  if (side === 'probability') return { meaning: 'ink', level: (d) => theta[d]! };
  return { meaning: 'difference', level: (d) => 0.5 + 0.5 * (theta[d]! - view.means[d]!) };
}

export function contrastLevels(view: ModelView, a: number, b: number): Levels {
  const [first, second] = [view.theta.row(a), view.theta.row(b)];
  return { meaning: 'difference', level: (d) => 0.5 + 0.5 * (first[d]! - second[d]!) };
}

const signed = (value: number): string => (value < 0 ? '−' : '+') + probability(Math.abs(value));

/** Says θ, the mean and their difference at a pixel. */
export function pixelText(view: ModelView, k: number, d: number): string {
  const theta = view.theta.at(k, d);
  const mean = view.means[d]!;
  return `${view.features.short(d, 60)}\nθ ${probability(theta)}, mean ${probability(mean)}, difference ${signed(theta - mean)}`;
}

export function picture(shape: readonly [number, number], label: string, { meaning, level }: Levels): HTMLCanvasElement {
  const element = canvas(shape[1], shape[0], label, (image) => paint(image, 0, 0, shape, meaning, level));
  element.classList.add('image');
  return element;
}

export function componentPicture(view: ModelView, k: number, side: Side): HTMLCanvasElement {
  const shape = view.data.shape!;
  const what = side === 'probability' ? 'probabilities of the pixels' : 'difference of the probabilities from the mean';
  const element = picture(shape, `${componentName(k)}: ${what}`, componentLevels(view, k, side));
  explain(element, (x, y) => pixelText(view, k, pixelAt(shape, x, y)));
  return element;
}

/** Images in a row on one canvas, a paper-coloured gap between them. */
export function strip(
  shape: readonly [number, number],
  label: string,
  images: readonly Levels[],
  columns: number,
  explainImage?: (index: number) => string,
): HTMLElement {
  const [height, width] = shape;
  const gap = Math.max(1, Math.round(width / 14));
  const across = Math.max(1, Math.min(columns, images.length));
  const down = Math.ceil(images.length / across);
  const [fullWidth, fullHeight] = [across * (width + gap) - gap, down * (height + gap) - gap];
  const element = canvas(Math.max(fullWidth, 1), Math.max(fullHeight, 1), label, (image) =>
    images.forEach(({ meaning, level }, i) => {
      paint(image, (i % across) * (width + gap), Math.floor(i / across) * (height + gap), shape, meaning, level);
    }),
  );
  element.className = 'image';
  // Fewer images than columns keep the size of the others.
  element.style.maxWidth = `${(100 * fullWidth) / (columns * (width + gap) - gap)}%`;
  if (explainImage) {
    explain(element, (x, y) => {
      const index = Math.floor(y * down) * across + Math.min(Math.floor(x * across), across - 1);
      return index < images.length ? explainImage(index) : null;
    });
  }
  return h('div', {}, element);
}

/** The cells of a listed row; missing ones are half grey. */
export function rowLevels(bits: Matrix, missing: Matrix | null, row: number): Levels {
  return { meaning: 'ink', level: (d) => (missing && bit(missing, row, d) ? 0.35 : bit(bits, row, d) ? 1 : 0) };
}
