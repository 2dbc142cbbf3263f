// What predicts the components, and what do they predict?

import { componentColour, maxColours } from '../colour';
import { float32 } from '../csv';
import type { Coefficient, CovariateRelation, MembershipCurve, OutcomeRelation, RelationTest } from '../document';
import { h, screenReaderOnly } from '../dom';
import { figure } from '../figure';
import { count, fixed, none, probability, pValue, significant } from '../format';
import { shorten } from '../names';
import { componentName, type Page, shortComponentName } from '../page';
import { curves } from '../plots/curves';
import { intervals } from '../plots/intervals';
import { responsive } from '../responsive';
import { type Column, dataTable } from '../table';

const methodNames: Record<string, string> = {
  ml: 'Three steps, errors of assignment corrected by likelihood',
  bch: 'Three steps, errors of assignment corrected by weights (BCH)',
  'two-step': 'Two steps, item probabilities held',
  'one-step': 'One step, everything at once',
};

const errorNames = { observed: 'observed information', opg: 'outer products of scores', sandwich: 'sandwich' };

const colourOf = (page: Page, k: number): string => (page.model.nComponents <= maxColours ? componentColour(k) : 'var(--accent)');
const between = ([low, high]: readonly [number | null, number | null], text: (value: number) => string): string =>
  low === null || high === null ? none : `${text(low)} to ${text(high)}`;
const ratio = (value: number | null): string => significant(value, 3);
const slug = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').toLowerCase();

function how(relation: CovariateRelation | OutcomeRelation): string {
  const assigned = relation.method === 'ml' || relation.method === 'bch' ? `, ${relation.assignment} assignment` : '';
  const left = relation.n_left_out > 0 ? `; ${count(relation.n_left_out)} left out for a missing covariate` : '';
  const chosen = relation.method_chosen_by === 'entropy' ? `, chosen by the relative entropy, ${fixed(relation.entropy, 3)}` : '';
  const errors = relation.one_step_errors === null ? '' : ` Standard errors: ${errorNames[relation.one_step_errors]}.`;
  return `${count(relation.n_rows)} rows${left}. ${methodNames[relation.method] ?? relation.method}${assigned}${chosen}.${errors} Intervals of 95 %.`;
}

/** Everything but the intercept, which compares nothing. */
const slopes = ({ coefficients }: CovariateRelation): Coefficient[] => coefficients.filter(({ name }) => name !== 'intercept');

function oddsFigure(page: Page, relation: CovariateRelation): HTMLElement {
  const shown = slopes(relation);
  const against = componentName(relation.reference);
  const plot = responsive((width) =>
    intervals(
      {
        label: `Odds ratios against ${against}`,
        axis: `odds ratio against ${shorten(against, 40)}`,
        nothing: 1,
        ratios: true,
        estimates: shown.map((one) => ({
          name: `${shorten(one.name, 24)}, ${shortComponentName(one.component)}`,
          title: `${one.name}, ${componentName(one.component)} against ${against}\n${ratio(one.odds_ratio)} (${between(one.interval, ratio)}), p ${pValue(one.p_value)}`,
          value: one.odds_ratio ?? 1,
          low: one.interval[0],
          high: one.interval[1],
          colour: colourOf(page, one.component),
        })),
      },
      width,
    ),
  );
  return figure({
    name: 'odds',
    title: `Odds ratios against ${against}`,
    note: how(relation),
    content: plot.element,
    svg: plot.picture,
    csv: () => [
      ['component', 'reference', 'name', 'estimate', 'standard_error', 'odds_ratio', 'lower', 'upper', 'p_value'],
      ...relation.coefficients.map((one) => [one.component + 1, relation.reference + 1, one.name, one.estimate, one.standard_error, one.odds_ratio, ...one.interval, one.p_value]),
    ],
  });
}

function coefficientTable(relation: CovariateRelation): HTMLElement {
  const rows = relation.coefficients;
  const columns: Column[] = [
    { key: 'component', title: 'component', value: (i) => rows[i]!.component, cell: (i) => componentName(rows[i]!.component) },
    { key: 'name', title: 'covariate', value: (i) => rows[i]!.name, cell: (i) => rows[i]!.name },
    { key: 'estimate', title: 'log odds', numeric: true, value: (i) => rows[i]!.estimate, cell: (i) => fixed(rows[i]!.estimate, 3) },
    { key: 'error', title: 'std. error', numeric: true, value: (i) => rows[i]!.standard_error ?? NaN, cell: (i) => fixed(rows[i]!.standard_error, 3) },
    { key: 'ratio', title: 'odds ratio', numeric: true, value: (i) => rows[i]!.odds_ratio ?? NaN, cell: (i) => ratio(rows[i]!.odds_ratio) },
    { key: 'interval', title: '95 % interval', numeric: true, cell: (i) => between(rows[i]!.interval, ratio) },
    { key: 'p', title: 'p', numeric: true, value: (i) => rows[i]!.p_value ?? NaN, cell: (i) => pValue(rows[i]!.p_value) },
  ];
  return dataTable({ label: 'Coefficients', columns, rows: rows.map((_, i) => i), sort: '' }).element;
}

function testText({ name, statistic, degrees_of_freedom: freedom, p_value: p }: RelationTest): string {
  return `${name}: Wald ${fixed(statistic, 2)} on ${count(freedom)}, p ${pValue(p)}`;
}

function curveFigure(page: Page, curve: MembershipCurve): HTMLElement {
  const n = page.model.nComponents;
  const plot = responsive((width) => curves(curve, n, componentName, (k) => colourOf(page, k), width));
  return figure({
    name: `membership-${slug(curve.name)}`,
    title: `Predicted shares by ${curve.name}`,
    note: 'Other covariates at their means, or at their most frequent category.',
    content: plot.element,
    svg: plot.picture,
    csv: () => [
      [curve.name, ...Array.from({ length: n }, (_, k) => `component_${k + 1}`)],
      ...curve.values.map((value, i) => [curve.categories[i] ?? value, ...Array.from({ length: n }, (_, k) => float32(curve.shares[i * n + k]!))]),
    ],
  });
}

function outcomeFigure(page: Page, relation: OutcomeRelation): HTMLElement {
  const text = relation.kind === 'nominal' ? (value: number): string => probability(value) : (value: number): string => significant(value, 4);
  const plot = responsive((width) =>
    intervals(
      {
        label: `${relation.name} by component`,
        axis: relation.kind === 'nominal' ? `share of ${relation.name}` : `mean of ${relation.name}`,
        estimates: relation.classes.map((one) => ({
          name: `${shorten(componentName(one.component), 24)}${one.category ? `, ${shorten(one.category, 16)}` : ''}`,
          title: `${componentName(one.component)}${one.category ? `, ${one.category}` : ''}\n${text(one.mean)} (${between(one.interval, text)})`,
          value: one.mean,
          low: one.interval[0],
          high: one.interval[1],
          colour: colourOf(page, one.component),
        })),
      },
      width,
    ),
  );
  const [all, ...pairs] = relation.tests;
  const differ = pairs.filter(({ adjusted_p_value: p }) => p !== null && p < 0.05).map(({ name }) => name);
  const verdict = all ? ` ${testText({ ...all, name: 'Equal in all components' })}.` : '';
  const pairText = pairs.length === 0 ? '' : differ.length > 0 ? ` Pairs that differ at 5 % (Benjamini-Hochberg): ${differ.join(', ')}.` : ' No pair differs at 5 % (Benjamini-Hochberg).';
  return figure({
    name: `outcome-${slug(relation.name)}`,
    title: `${relation.name} by component`,
    note: `${how(relation)}${verdict}${pairText}`,
    content: plot.element,
    svg: plot.picture,
    csv: () => [
      ['component', 'category', 'mean', 'standard_error', 'lower', 'upper', 'variance'],
      ...relation.classes.map((one) => [one.component + 1, one.category, one.mean, one.standard_error, ...one.interval, one.variance]),
    ],
  });
}

function warnings(list: readonly string[]): HTMLElement | null {
  const told = [...new Set(list)];
  const sign = (): HTMLElement => h('span', { class: 'sign', 'aria-hidden': 'true' }, '!');
  const one = (text: string): HTMLElement => h('li', { class: 'level-warning' }, sign(), h('span', {}, screenReaderOnly('Warning: '), text));
  return told.length > 0 ? h('ul', { class: 'verdict', 'aria-label': 'Warnings' }, ...told.map(one)) : null;
}

/** Null where nothing was related. */
export function relations(page: Page): HTMLElement | null {
  const found = page.report.document.relations;
  if (!found) return null;
  const { covariates, outcomes } = found;
  const section = h('section', { id: 'relations', 'aria-labelledby': 'relations-title' }, h('h2', { id: 'relations-title' }, 'What predicts them, and what do they predict?'));
  const told = warnings([...(covariates?.warnings ?? []), ...outcomes.flatMap((outcome) => outcome.warnings)]);
  if (told) section.append(told);
  if (covariates) {
    if (slopes(covariates).length > 0) section.append(oddsFigure(page, covariates));
    if (covariates.tests.length > 0) section.append(h('p', {}, `All coefficients of a covariate at once. ${covariates.tests.map(testText).join('; ')}.`));
    section.append(coefficientTable(covariates), h('div', { class: 'multiples' }, ...covariates.curves.map((curve) => curveFigure(page, curve))));
  }
  section.append(...outcomes.map((outcome) => outcomeFigure(page, outcome)));
  return section;
}
