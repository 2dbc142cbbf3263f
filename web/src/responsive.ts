// Draws a picture as wide as its place is, and again when that changes.

import { h } from './dom';

export interface Responsive {
  element: HTMLElement;
  /** The picture as it is now, drawn first if it was not yet. */
  picture(): SVGSVGElement | null;
  redraw(): void;
}

const draws = new WeakMap<Element, (width: number) => void>();
const observer = new ResizeObserver((entries) => {
  for (const entry of entries) draws.get(entry.target)?.(entry.contentRect.width);
});

export function responsive(draw: (width: number) => SVGSVGElement): Responsive {
  const element = h('div', { class: 'picture' });
  let drawnWidth = 0;
  let svg: SVGSVGElement | null = null;
  const drawAt = (width: number): void => {
    drawnWidth = width;
    svg = draw(Math.max(260, Math.floor(width)));
    element.replaceChildren(svg);
  };
  draws.set(element, (width) => {
    if (width > 0 && Math.abs(width - drawnWidth) >= 1) drawAt(width);
  });
  observer.observe(element);
  return {
    element,
    picture: () => svg,
    redraw: () => {
      if (drawnWidth > 0) drawAt(drawnWidth);
    },
  };
}
