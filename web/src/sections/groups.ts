// How do groups differ: in the sizes of components, and in the items whose probabilities are free?

import { componentColour, maxColours } from '../colour';
import type { GroupEstimates, Groups } from '../document';
import { h } from '../dom';
import { figure } from '../figure';
import { fixed, none, probability } from '../format';
import { shorten } from '../names';
import { componentName, type Page, shortComponentName } from '../page';
import { intervals } from '../plots/intervals';
import { responsive } from '../responsive';
import { type Column, dataTable } from '../table';

type Feature = Groups['features'][number];
interface Cell {
  component: number;
  group: number;
}

/** A picture of each of so many features; the table has them all. */
const mostPictures = 12;
/** Estimates in one picture. */
const mostEstimates = 120;
/** Pearson's statistic by its degrees of freedom above which an item differs between groups. */
const much = 3.84;

const colourOf = (page: Page, k: number): string => (page.model.nComponents <= maxColours ? componentColour(k) : 'var(--accent)');

/** Components one after the other, the groups of each together. */
const cellsOf = (page: Page, groups: Groups): Cell[] =>
  Array.from({ length: page.model.nComponents }, (_, component) => groups.names.map((_, group) => ({ component, group }))).flat();

const interval = (of: GroupEstimates, { component, group }: Cell): [number | null, number | null] => of.intervals?.[group]?.[component] ?? [null, null];
const estimate = (of: GroupEstimates, { component, group }: Cell): number => of.estimates[group]![component]!;
const error = (of: GroupEstimates, { component, group }: Cell): number | null => of.standard_errors?.[group]?.[component] ?? null;

function between([low, high]: readonly [number | null, number | null]): string {
  return low === null || high === null ? none : `${probability(low)} to ${probability(high)}`;
}

function estimatesFigure(page: Page, groups: Groups, of: GroupEstimates, name: string, title: string, axis: string): HTMLElement {
  const cells = cellsOf(page, groups);
  const plot = responsive((width) =>
    intervals(
      {
        label: title,
        axis,
        estimates: cells.slice(0, mostEstimates).map((cell) => {
          const [low, high] = interval(of, cell);
          const group = groups.names[cell.group]!;
          return {
            name: `${shortComponentName(cell.component)}, ${shorten(group, 20)}`,
            title: `${componentName(cell.component)}, ${group}\n${probability(estimate(of, cell))} (${between([low, high])})`,
            value: estimate(of, cell),
            low,
            high,
            colour: colourOf(page, cell.component),
          };
        }),
      },
      width,
    ),
  );
  return figure({
    name,
    title,
    note: of.intervals ? 'Intervals of 95 %.' : '',
    content: plot.element,
    svg: plot.picture,
    csv: () => [
      ['component', 'group', 'estimate', 'standard_error', 'lower', 'upper'],
      ...cells.map((cell) => [cell.component + 1, groups.names[cell.group]!, estimate(of, cell), error(of, cell), ...interval(of, cell)]),
    ],
  });
}

/** How far groups lie apart, in the component where they do most. */
function spread(feature: Feature): number {
  const components = feature.estimates[0]!.map((_, k) => feature.estimates.map((own) => own[k]!));
  return Math.max(...components.map((values) => Math.max(...values) - Math.min(...values)));
}

function featureTable(page: Page, groups: Groups): HTMLElement {
  const rows = groups.features.flatMap((feature) => Array.from({ length: page.model.nComponents }, (_, component) => ({ feature, component })));
  const columns: Column[] = [
    { key: 'item', title: 'item', value: (i) => rows[i]!.feature.name, cell: (i) => shorten(rows[i]!.feature.name, 40) },
    { key: 'component', title: 'component', value: (i) => rows[i]!.component, cell: (i) => componentName(rows[i]!.component) },
    ...groups.names.map((name, group) => ({
      key: `g${group}`,
      title: shorten(name, 24),
      numeric: true,
      value: (i: number): number => estimate(rows[i]!.feature, { component: rows[i]!.component, group }),
      cell: (i: number): string => {
        const { feature, component } = rows[i]!;
        const own = error(feature, { component, group });
        return `${probability(estimate(feature, { component, group }))}${own === null ? '' : ` (${fixed(own, 3)})`}`;
      },
    })),
  ];
  return dataTable({ label: 'Free items by group', columns, rows: rows.map((_, i) => i), sort: '' }).element;
}

function residualText({ residuals, column, all_free: allFree }: Groups): HTMLElement | null {
  if (!residuals || allFree) return null;
  const large = residuals.filter(({ residual }) => residual !== null && residual > much).sort((a, b) => (b.residual ?? 0) - (a.residual ?? 0));
  const named = large.slice(0, 5).map(({ item, residual }) => `${shorten(item, 40)} (${fixed(residual, 2)})`);
  const more = large.length > named.length ? ` and ${large.length - named.length} more` : '';
  return h(
    'p',
    {},
    large.length === 0
      ? `No item is answered more often in a group than the model says: all residuals by ${column} are at most ${much}.`
      : `Answered otherwise in some group than the model says, with residuals above ${much}: ${named.join(', ')}${more}.`,
  );
}

/** Null where there are no groups. */
export function groups(page: Page): HTMLElement | null {
  const found = page.report.document.groups;
  if (!found) return null;
  const title = `How do groups of ${shorten(found.column, 40)} differ?`;
  const named = found.free.map((name) => shorten(name, 40)).join(', ');
  const told = found.all_free ? 'The probabilities of all items are free' : found.free.length > 0 ? `The probabilities of ${named} are free, those of all others equal` : 'The probabilities of all items are equal';
  const section = h(
    'section',
    { id: 'groups', 'aria-labelledby': 'groups-title' },
    h('h2', { id: 'groups-title' }, title),
    h('p', {}, `Components have sizes of their own in each group. ${told}. A free item stands once a group in the other sections.`),
    estimatesFigure(page, found, found.weights, 'group-weights', `Sizes of components by ${shorten(found.column, 40)}`, 'share of the group'),
  );
  const residuals = residualText(found);
  if (residuals) section.append(residuals);
  const pictured = [...found.features].sort((a, b) => spread(b) - spread(a)).slice(0, mostPictures);
  const pictures = pictured.map((feature, i) => estimatesFigure(page, found, feature, `group-item-${i + 1}`, `${shorten(feature.name, 60)} by group`, 'probability'));
  if (pictures.length > 0) section.append(h('div', { class: 'multiples' }, ...pictures), featureTable(page, found));
  return section;
}
