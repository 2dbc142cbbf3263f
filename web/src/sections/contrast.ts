// What tells two components apart?

import { float32 } from '../csv';
import { divergence, telling } from '../divergence';
import { h, select } from '../dom';
import { figure } from '../figure';
import { probability } from '../format';
import { gallerySvg, type NamedPicture } from '../gallery';
import { chosenComponent, componentName, pairName, type Page, versusComponent } from '../page';
import { componentLevels, componentPicture, contrastLevels, picture, pixelAt } from '../pictures';
import { pairs } from '../plots/dots';
import { responsive } from '../responsive';
import { onTheme } from '../theme';
import { explain } from '../tooltip';

const shownItems = 16;

function choose(page: Page, label: string, current: number, key: 'component' | 'versus'): HTMLElement {
  const options = Array.from({ length: page.model.nComponents }, (_, k) => [String(k + 1), componentName(k)] as const);
  const element = select(label, options, String(current + 1), (value) => page.view.set({ [key]: value }));
  element.dataset['focus'] = key;
  return element;
}

function differencePicture(page: Page, a: number, b: number): HTMLCanvasElement {
  const shape = page.model.data.shape!;
  const { theta, features } = page.model;
  const element = picture(shape, `Component ${a + 1} minus component ${b + 1}`, contrastLevels(page.model, a, b));
  explain(element, (x, y) => {
    const d = pixelAt(shape, x, y);
    return `${features.short(d, 60)}\n${componentName(a)} ${probability(theta.at(a, d))}, ${componentName(b)} ${probability(theta.at(b, d))}`;
  });
  return element;
}

function images(page: Page, a: number, b: number): HTMLElement {
  const draw = (): HTMLElement[] => [
    h('div', {}, h('h4', {}, componentName(a)), componentPicture(page.model, a, 'probability')),
    h('div', {}, h('h4', {}, componentName(b)), componentPicture(page.model, b, 'probability')),
    h('div', {}, h('h4', {}, `${a + 1} minus ${b + 1}`), differencePicture(page, a, b), h('p', { class: 'note' }, `Blue: more in ${a + 1}. Orange: more in ${b + 1}.`)),
  ];
  const element = h('div', { class: 'detail three' }, ...draw());
  onTheme(element, () => element.replaceChildren(...draw()));
  return element;
}

function items(page: Page, a: number, b: number): ReturnType<typeof responsive> {
  const { theta, features, intervals } = page.model;
  const list = telling(theta.row(a), theta.row(b), shownItems);
  const range = (k: number, d: number): readonly [number, number] | null =>
    intervals ? [intervals.lower.at(k, d), intervals.upper.at(k, d)] : null;
  return responsive((width) =>
    pairs(
      {
        label: `Items that tell component ${a + 1} from component ${b + 1}`,
        axis: page.model.axis,
        pairs: list.map((d) => ({
          name: features.short(d, 24),
          title: `${features.short(d, 80)}\n${componentName(a)}: ${probability(theta.at(a, d))}\n${componentName(b)}: ${probability(theta.at(b, d))}`,
          a: theta.at(a, d),
          b: theta.at(b, d),
          aRange: range(a, d),
          bRange: range(b, d),
        })),
        colours: ['var(--accent)', 'var(--second)'],
        domain: [0, page.model.top],
      },
      width,
    ),
  );
}

function table(page: Page, a: number, b: number): (string | number | null)[][] {
  const { theta, features, nFeatures } = page.model;
  const rows = telling(theta.row(a), theta.row(b), nFeatures).map((d) => [
    features.full(d),
    float32(theta.at(a, d)),
    float32(theta.at(b, d)),
    divergence(theta.at(a, d), theta.at(b, d)),
  ]);
  return [['feature', `component_${a + 1}`, `component_${b + 1}`, 'divergence'], ...rows];
}

const three = ({ model }: Page, a: number, b: number): NamedPicture[] => [
  { name: componentName(a), levels: componentLevels(model, a, 'probability') },
  { name: componentName(b), levels: componentLevels(model, b, 'probability') },
  { name: `${a + 1} minus ${b + 1}`, levels: contrastLevels(model, a, b) },
];

function draw(page: Page): HTMLElement {
  const [a, b] = [chosenComponent(page), versusComponent(page)];
  const image = page.model.data.shape !== null;
  const plot = items(page, a, b);
  const controls = h(
    'div',
    { class: 'controls' },
    choose(page, 'First component', a, 'component'),
    h('span', {}, 'and'),
    choose(page, 'Second component', b, 'versus'),
  );
  return figure({
    name: 'contrast',
    title: `What tells ${pairName(a, b)} apart`,
    note: image ? null : `The items in which they differ most, by the Kullback-Leibler divergence both ways. Dots: ${componentName(a)}. Squares: ${componentName(b)}.`,
    content: h('div', {}, controls, image ? images(page, a, b) : plot.element),
    svg: image ? () => gallerySvg(page.model.data.shape!, three(page, a, b)) : plot.picture,
    csv: () => table(page, a, b),
  });
}

export const contrast = (page: Page): HTMLElement => page.live(['component', 'versus'], () => draw(page));
