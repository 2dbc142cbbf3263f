// The chosen component, closely.

import { float32 } from '../csv';
import { button, h } from '../dom';
import { figure } from '../figure';
import { count, fixed, percent, probability } from '../format';
import { gallerySvg, type NamedPicture } from '../gallery';
import { itemBars } from '../item_bars';
import { pairs } from '../plots/dots';
import { chosenComponent, componentName, type Page } from '../page';
import { componentLevels, componentPicture } from '../pictures';
import { responsive } from '../responsive';
import { onTheme } from '../theme';

function sentence(page: Page, k: number): string {
  const { model } = page.model;
  const { weight, size } = model.components[k]!;
  const error = model.standard_errors?.weights[k];
  const spread = error === null || error === undefined ? '' : ` (standard error ${fixed(100 * error, 1)} points)`;
  const rows = size === null ? '' : ` It is the most probable component of ${count(size)} rows.`;
  return `${percent(weight)} of the weight${spread}.${rows}`;
}

function step(page: Page, k: number): HTMLElement {
  const n = page.model.nComponents;
  const go = (to: number): void => page.view.set({ component: String(((to + n) % n) + 1) });
  return h(
    'span',
    { class: 'labelled' },
    button('← previous', { 'data-focus': 'previous' }, () => go(k - 1)),
    button('next →', { 'data-focus': 'next' }, () => go(k + 1)),
  );
}

function images(page: Page, k: number): HTMLElement {
  const element = h(
    'div',
    { class: 'detail' },
    h('div', {}, h('h4', {}, 'Probability'), componentPicture(page.model, k, 'probability')),
    h('div', {}, h('h4', {}, 'Difference from the mean'), componentPicture(page.model, k, 'difference'), h('p', { class: 'note' }, 'Blue: more often set than in all rows. Orange: less often.')),
    h('div', { class: 'last' }, h('h4', {}, 'Pixels that set it apart'), itemBars(page.model, k, page.model.model.components[k]!.distinctive.slice(0, 8))),
  );
  onTheme(element, () => {
    const places = element.querySelectorAll('canvas');
    places[0]?.replaceWith(componentPicture(page.model, k, 'probability'));
    places[1]?.replaceWith(componentPicture(page.model, k, 'difference'));
  });
  return element;
}

function table(page: Page, k: number): (string | number | null)[][] {
  const { theta, means, intervals, features, nFeatures } = page.model;
  const rows = Array.from({ length: nFeatures }, (_, d) => [
    features.full(d),
    float32(theta.at(k, d)),
    float32(means[d]),
    float32(intervals?.errors.at(k, d)),
    float32(intervals?.lower.at(k, d)),
    float32(intervals?.upper.at(k, d)),
    page.model.answer(d),
  ]);
  return [['feature', 'probability', 'mean', 'standard_error', 'lower', 'upper', 'answer'], ...rows];
}

const both = ({ model }: Page, k: number): NamedPicture[] => [
  { name: `${componentName(k)}`, levels: componentLevels(model, k, 'probability') },
  { name: 'minus the mean', levels: componentLevels(model, k, 'difference') },
];

function draw(page: Page): HTMLElement {
  const k = chosenComponent(page);
  const { model, features, theta, means, intervals } = page.model;
  const items = model.components[k]!.distinctive;
  const plot = responsive((width) =>
    pairs(
      {
        label: `Items that set ${componentName(k)} apart`,
        axis: page.model.axis,
        pairs: items.map((d) => ({
          name: features.short(d, 24),
          title: `${features.short(d, 80)}\n${componentName(k)}: ${probability(theta.at(k, d))}\nAll rows: ${probability(means[d])}`,
          a: theta.at(k, d),
          b: means[d]!,
          aRange: intervals ? [intervals.lower.at(k, d), intervals.upper.at(k, d)] : null,
        })),
        colours: ['var(--accent)', 'var(--soft)'],
        domain: [0, page.model.top],
      },
      width,
    ),
  );
  const image = page.model.data.shape !== null;
  const content = h('div', {}, page.model.nComponents > 1 ? h('div', { class: 'controls' }, step(page, k)) : null, image ? images(page, k) : plot.element);
  return figure({
    name: 'component',
    title: `${componentName(k)}, closely`,
    note: image ? sentence(page, k) : `${sentence(page, k)} Below, the items that set it apart most: in this component (dots) and among all rows (squares).`,
    content,
    svg: image ? () => gallerySvg(page.model.data.shape!, both(page, k)) : plot.picture,
    csv: () => table(page, k),
  });
}

export const detail = (page: Page): HTMLElement => page.live(['component'], () => draw(page));
