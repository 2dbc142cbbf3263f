// One card a component, by weight or with similar ones side by side.

import { maxColours } from '../colour';
import { button, choice, h, screenReaderOnly } from '../dom';
import { figure } from '../figure';
import { count, percent } from '../format';
import { componentPictures, gallerySvg } from '../gallery';
import { itemBars } from '../item_bars';
import { chosenComponent, componentName, orderedComponents, type Page, shortComponentName } from '../page';
import { componentPicture, type Side } from '../pictures';
import { float32, type Table } from '../csv';
import { portion } from '../portion';
import { naming } from './naming';
import { onTheme } from '../theme';

const manyCards = 24;
/** More are shown when the reader asks for them. */
const firstCards = { image: 120, items: 45 };

export const side = (page: Page): Side => (page.view.get('picture') === 'difference' ? 'difference' : 'probability');

function body(page: Page, k: number): HTMLElement | HTMLCanvasElement {
  if (page.model.data.shape) return componentPicture(page.model, k, side(page));
  const n = page.model.nComponents > manyCards ? 3 : 5;
  return itemBars(page.model, k, page.model.model.components[k]?.distinctive.slice(0, n) ?? []);
}

const name = (page: Page, k: number): (HTMLElement | string)[] =>
  page.model.nComponents > manyCards ? [screenReaderOnly('Component '), shortComponentName(k)] : [componentName(k)];

function card(page: Page, k: number, chosen: boolean): HTMLElement {
  const { weight, size, problems } = page.model.model.components[k]!;
  const share = h('i');
  // Bars of many components would all be too short to compare.
  const whole = page.model.nComponents > maxColours ? Math.max(...page.model.model.weights) : 1;
  share.style.width = `${(100 * weight) / whole}%`;
  const rows = size === null ? '' : `, ${count(size)} rows`;
  const element = button('', { class: 'card', 'data-component': k + 1, 'aria-pressed': String(chosen) }, () =>
    page.view.set({ component: String(k + 1) }),
  );
  element.append(
    h('span', { class: 'head', title: `${componentName(k)}${rows}` }, h('b', {}, ...name(page, k)), h('span', {}, percent(weight))),
    h('span', { class: 'share' }, share),
    body(page, k),
    ...problems.map((problem) => h('span', { class: 'problem' }, problem)),
  );
  return h('li', {}, element);
}

function numbers(page: Page): Table {
  const { model, features, nFeatures } = page.model;
  const head = ['component', 'weight', 'size', ...Array.from({ length: nFeatures }, (_, d) => features.full(d))];
  return [head, ...model.components.map(({ weight, size }, k) => [k + 1, weight, size, ...Array.from(page.model.theta.row(k), float32)])];
}

function gallery(page: Page): HTMLElement {
  const image = page.model.data.shape !== null;
  const n = page.model.nComponents;
  const list = h('ol', { class: `cards${n > manyCards && image ? ' small' : ''}${image ? '' : ' wide'}${n > firstCards.image ? ' many' : ''}`, 'aria-label': 'Components' });
  const size = image ? (n > manyCards ? '5.5rem' : n > 12 ? '8rem' : '10rem') : '17rem';
  list.style.setProperty('--card', size);
  const mark = (): void => {
    const chosen = String(chosenComponent(page) + 1);
    for (const element of list.querySelectorAll('.card')) {
      element.setAttribute('aria-pressed', String(element.getAttribute('data-component') === chosen));
    }
  };
  const shown = portion(list, image ? firstCards.image : firstCards.items, () => orderedComponents(page), (k) => card(page, k, chosenComponent(page) === k));
  list.addEventListener('keydown', (event) => move(list, event));
  page.view.on(['order', 'picture'], shown.fill);
  page.view.on(['component'], mark);
  if (image) onTheme(list, shown.fill);
  return shown.element;
}

/** Arrows go to the next and the previous card. */
function move(list: HTMLElement, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const all = [...list.querySelectorAll<HTMLElement>('.card')];
  const next = all[all.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function controls(page: Page): HTMLElement {
  const { view } = page;
  const order = choice(
    'Order of the components',
    [['weight', 'by weight'], ['similarity', 'similar side by side']] as const,
    view.get('order') === 'similarity' ? 'similarity' : 'weight',
    (value) => view.set({ order: value }),
  );
  const picture = choice(
    'What the pictures show',
    [['probability', 'probability'], ['difference', 'difference from the mean']] as const,
    side(page),
    (value) => view.set({ picture: value }),
  );
  return h('div', { class: 'controls' }, page.model.nComponents > 2 ? order : null, page.model.data.shape ? picture : null);
}

export function cards(page: Page): HTMLElement {
  const image = page.model.data.shape !== null;
  const content = h('div', {}, controls(page), gallery(page), page.model.nComponents > 1 ? naming(page) : null);
  return figure({
    name: 'components',
    title: page.model.nComponents === 1 ? 'The only component' : 'The components and their weights',
    content,
    svg: image ? () => gallerySvg(page.model.data.shape!, componentPictures(page.model, orderedComponents(page), side(page))) : undefined,
    csv: () => numbers(page),
  });
}
