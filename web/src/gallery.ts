// Pictures with their names as one SVG, for saving.

import { s } from './dom';
import { percent } from './format';
import type { ModelView } from './model';
import { componentLevels, type Levels, type Side } from './pictures';
import { canvas, paint } from './pixels';

export interface NamedPicture {
  name: string;
  levels: Levels;
}

export function gallerySvg([height, width]: readonly [number, number], pictures: readonly NamedPicture[]): SVGSVGElement {
  const across = Math.ceil(Math.sqrt(pictures.length * 1.6));
  const tile = 112;
  const tall = (tile * height) / width;
  const [stepX, stepY] = [tile + 16, tall + 34];
  const size = { width: across * stepX, height: Math.ceil(pictures.length / across) * stepY };
  const svg = s('svg', { ...size, viewBox: `0 0 ${size.width} ${size.height}` });
  pictures.forEach(({ name, levels: { meaning, level } }, i) => {
    const pixels = canvas(width, height, name, (image) => paint(image, 0, 0, [height, width], meaning, level));
    const [x, y] = [(i % across) * stepX + 8, Math.floor(i / across) * stepY + 24];
    svg.append(
      s('text', { x, y: y - 7, 'font-size': 13 }, name),
      s('image', { x, y, width: tile, height: tall, href: pixels.toDataURL(), 'image-rendering': 'pixelated' }),
    );
  });
  return svg;
}

export const componentPictures = (view: ModelView, components: readonly number[], side: Side): NamedPicture[] =>
  components.map((k) => ({ name: `${k + 1} · ${percent(view.model.weights[k])}`, levels: componentLevels(view, k, side) }));
