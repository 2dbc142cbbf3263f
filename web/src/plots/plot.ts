// Observable Plot with the page's manners.

import * as Plot from '@observablehq/plot';

/** Draws a plot; `label` says in words what it shows. */
export function plot(label: string, options: Plot.PlotOptions): SVGSVGElement {
  const svg = Plot.plot({
    className: 'plot',
    style: { fontSize: '13px', background: 'none', overflow: 'visible' },
    ...options,
  }) as SVGSVGElement;
  // The content policy admits the page's own style sheet only, which has these rules too.
  for (const style of svg.querySelectorAll('style')) style.remove();
  // Inside a picture that has a name, readers need no names of its marks.
  for (const part of svg.querySelectorAll('[aria-label], [aria-description], [aria-hidden]')) {
    for (const attribute of ['aria-label', 'aria-description', 'aria-hidden']) part.removeAttribute(attribute);
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return svg;
}

export const soft = 'var(--soft)';
export const rule = 'var(--rule)';
export const ink = 'var(--ink)';
export const accent = 'var(--accent)';
export const faint = 'var(--faint)';

export { Plot };
