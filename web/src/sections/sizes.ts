// How large the components are, counted in two ways.

import { figure } from '../figure';
import { percent } from '../format';
import { componentName, type Page, shortComponentName } from '../page';
import { pairs } from '../plots/dots';
import { plot, Plot, soft } from '../plots/plot';
import { responsive } from '../responsive';

/** With more components, they have no space for names. */
const maxNamed = 24;

interface Size {
  k: number;
  posterior: number;
  mode: number;
  title: string;
}

function manySizes(data: readonly Size[], width: number): SVGSVGElement {
  return plot('Size of each component', {
    width,
    height: 280,
    marginLeft: 58,
    marginBottom: 42,
    marginTop: 12,
    x: { label: 'component', labelAnchor: 'center', labelArrow: 'none', tickSize: 0, domain: [0.5, data.length + 0.5] },
    y: { label: null, zero: true, nice: true, ticks: 4, tickSize: 0, tickFormat: '~%' },
    marks: [
      Plot.gridY({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 4 }),
      Plot.ruleX(data, { x: (size: Size) => size.k + 1, y1: 'posterior', y2: 'mode', stroke: soft, strokeOpacity: 0.5 }),
      Plot.dot(data, { x: (size: Size) => size.k + 1, y: 'posterior', r: 1.8, fill: 'var(--accent)' }),
      Plot.dot(data, { x: (size: Size) => size.k + 1, y: 'mode', r: 3.4, symbol: 'square', stroke: 'var(--second)', strokeWidth: 1 }),
      Plot.tip(data, Plot.pointerX({ x: (size: Size) => size.k + 1, y: 'posterior', title: 'title', fill: 'var(--paper)', stroke: 'var(--rule)' })),
      Plot.ruleY([0], { stroke: soft }),
    ],
  });
}

export function sizes(page: Page): HTMLElement {
  const { sizes_by_posterior: posterior, sizes_by_mode: mode } = page.model.model.classification!;
  const data = posterior.map((size, k): Size => ({
    k,
    posterior: size,
    mode: mode[k]!,
    title: `${componentName(k)}\n${percent(size)} by posterior\n${percent(mode[k])} by most probable component`,
  }));
  const picture = responsive((width) =>
    data.length > maxNamed
      ? manySizes(data, width)
      : pairs(
          {
            label: 'Size of each component',
            axis: 'share of the rows',
            tickFormat: '~%',
            pairs: data.map((size) => ({ name: shortComponentName(size.k), title: size.title, a: size.posterior, b: size.mode })),
            colours: ['var(--accent)', 'var(--second)'],
            zero: true,
          },
          width,
        ),
  );
  return figure({
    name: 'sizes',
    title: 'Sizes of the components',
    note: 'Dots: sum of the posteriors. Squares: rows for which it is the most probable one.',
    content: picture.element,
    svg: picture.picture,
    csv: () => [['component', 'by_posterior', 'by_mode'], ...data.map((size) => [size.k + 1, size.posterior, size.mode])],
  });
}
