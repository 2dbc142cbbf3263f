// The profile of the components over the items.

import { float32, type Table } from '../csv';
import { choice, h, s } from '../dom';
import { figure } from '../figure';
import { count, percent } from '../format';
import { chosenComponent, componentName, type Page, versusComponent } from '../page';
import { inColour, profile, symbols } from '../plots/profile';
import { Plot } from '../plots/plot';
import { responsive } from '../responsive';
import { colourOf } from './components';

const maxItems = 40;

function sign(k: number, colour: string): SVGSVGElement {
  const dot = Plot.plot({
    width: 26,
    height: 14,
    margin: 0,
    axis: null,
    x: { domain: [0, 26] },
    y: { domain: [0, 14] },
    symbol: { type: 'identity' },
    marks: [
      Plot.ruleY([7], { stroke: colour, strokeWidth: 2 }),
      Plot.dot([[13, 7]], { fill: colour, symbol: symbols[k % symbols.length]!, r: 4 }),
    ],
  }) as SVGSVGElement;
  dot.querySelector('style')?.remove();
  return s('svg', { width: 26, height: 14, 'aria-hidden': 'true' }, ...dot.children);
}

function legend(page: Page, coloured: readonly number[], chosen: number): HTMLElement {
  const few = coloured.length === page.model.nComponents;
  const entries = coloured.map((k) => {
    const colour = few ? colourOf(page, k) : k === chosen ? 'var(--accent)' : 'var(--second)';
    const press = h('button', { type: 'button', 'aria-pressed': String(k === chosen), 'data-focus': `legend-${k}` }, sign(k, colour), `${componentName(k)}, ${percent(page.model.model.weights[k])}`);
    press.addEventListener('click', () => page.view.set({ component: String(k + 1) }));
    return h('li', {}, press);
  });
  return h('ul', { class: 'legend', 'aria-label': 'Components in colour' }, ...entries);
}

function items(page: Page): number[] {
  const list = page.model.mostInformative(maxItems);
  if (page.view.get('items') !== 'similar') return list;
  const wanted = new Set(list);
  return page.model.seriation.columns.filter((d) => wanted.has(d));
}

function note(page: Page, shown: number): string {
  const { binary, intervals, nComponents } = page.model;
  const meaning = page.model.meaning || 'Probability of each item.';
  const some = shown < binary.length ? ` The ${shown} of ${count(binary.length)} items that tell most about the component.` : '';
  const bars = intervals ? ' Thin bars: 95\u00a0% intervals.' : '';
  const grey = nComponents > 8 ? ' Coloured: the two chosen components; grey: all others.' : '';
  return meaning + some + bars + grey;
}

function table(page: Page, list: readonly number[]): Table {
  const { theta, intervals, features, nComponents } = page.model;
  const rows = list.flatMap((d) =>
    Array.from({ length: nComponents }, (_, k) => [
      features.full(d),
      k + 1,
      float32(theta.at(k, d)),
      float32(intervals?.lower.at(k, d)),
      float32(intervals?.upper.at(k, d)),
      page.model.answer(d),
    ]),
  );
  return [['feature', 'component', 'probability', 'lower', 'upper', 'answer'], ...rows];
}

function draw(page: Page): HTMLElement {
  const list = items(page);
  const [chosen, versus] = [chosenComponent(page), versusComponent(page)];
  const plot = responsive((width) => profile(page.model, list, [chosen, versus], width));
  const order = choice(
    'Order of the items',
    [['given', 'as in the data'], ['similar', 'similar side by side']] as const,
    page.view.get('items') === 'similar' ? 'similar' : 'given',
    (value) => page.view.set({ items: value }),
  );
  for (const option of order.querySelectorAll('button')) option.dataset['focus'] = `items-${option.dataset['value']}`;
  return figure({
    name: 'profile',
    title: 'Profile of the components',
    note: note(page, list.length),
    content: h('div', {}, list.length > 2 ? h('div', { class: 'controls' }, order) : null, legend(page, inColour(page.model, chosen, versus), chosen), plot.element),
    svg: plot.picture,
    csv: () => table(page, list),
  });
}

export const profileFigure = (page: Page): HTMLElement => page.live(['component', 'versus', 'items'], () => draw(page));
