// Pixel pictures on canvas.

import { ramp, type Ramp } from './colour';
import { theme } from './theme';

export type Meaning = 'ink' | 'heat' | 'difference';

function write(pixels: Uint8ClampedArray, at: number, table: Ramp, level: number): void {
  const i = 4 * Math.round(255 * Math.min(Math.max(level, 0), 1));
  pixels[at] = table[i]!;
  pixels[at + 1] = table[i + 1]!;
  pixels[at + 2] = table[i + 2]!;
  pixels[at + 3] = 255;
}

/** Writes levels 0 … 1 of one picture into an image at column `x`, row `y`; NaN leaves the paper free. */
export function paint(
  image: ImageData,
  x: number,
  y: number,
  [height, width]: readonly [number, number],
  meaning: Meaning,
  level: (d: number) => number,
): void {
  const table = ramp(meaning, theme());
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = level(row * width + column);
      if (value === value) write(image.data, 4 * ((y + row) * image.width + x + column), table, value);
    }
  }
}

/** A canvas of that many pixels, drawn by `draw`; what it shows is said by `label`. */
export function canvas(width: number, height: number, label: string, draw: (image: ImageData) => void): HTMLCanvasElement {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  redraw(element, draw);
  return element;
}

export function redraw(element: HTMLCanvasElement, draw: (image: ImageData) => void): void {
  const context = element.getContext('2d')!;
  const image = context.createImageData(element.width, element.height);
  draw(image);
  context.putImageData(image, 0, 0);
}
