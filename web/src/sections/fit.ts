// How was it fitted?

import { choice, h } from '../dom';
import { figure } from '../figure';
import { count, fixed, none, plural, seconds, significant } from '../format';
import { shorten } from '../names';
import type { Page } from '../page';
import { optima } from '../plots/optima';
import { hasTraces, traces } from '../plots/traces';
import { responsive } from '../responsive';
import { bivariate, goodness, patterns } from './residuals';

function introduction(page: Page): string {
  const { fit, optima: found } = page.model.model;
  const starts = fit.n_init === null ? '' : `${plural(fit.n_init, 'start')}${fit.init ? ` (${fit.init})` : ''}`;
  const distinct = found && found.length > 0 ? `, which ended in ${plural(found.length, 'distinct optimum', 'distinct optima')}` : '';
  const end = fit.n_iter === null ? '' : ` The best one ran ${plural(fit.n_iter, 'iteration')}${fit.stop_reason ? ` (it stopped by ${fit.stop_reason.replaceAll('_', ' ')})` : ''}.`;
  return starts ? `${starts}${distinct}.${end}` : 'The model file does not say how it was fitted.';
}

function settings(page: Page): HTMLElement {
  const { fit } = page.model.model;
  const entries: [string, string][] = [
    ['tolerance', significant(fit.tol)],
    ['most iterations', count(fit.max_iter)],
    ['iterations of all starts', count(fit.total_iterations)],
    ['acceleration', fit.accelerate ?? none],
    ['arithmetic', fit.precision ?? none],
    ['threads', count(fit.threads)],
    ['reading', seconds(fit.seconds?.read)],
    ['starting', seconds(fit.seconds?.init)],
    ['EM', seconds(fit.seconds?.em)],
  ];
  if (fit.semi_supervised) entries.push(['labels', 'held during the fit']);
  return h('dl', { class: 'facts' }, ...entries.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function traceFigure(page: Page): HTMLElement {
  const { starts } = page.model.model;
  const distance = page.view.get('trace') === 'distance';
  const plot = responsive((width) => traces(starts!, distance, width));
  const scale = choice('Scale of the traces', [['value', 'log-likelihood'], ['distance', 'distance from the best']] as const, distance ? 'distance' : 'value', (value) => page.view.set({ trace: value }));
  for (const option of scale.querySelectorAll('button')) option.dataset['focus'] = `trace-${option.dataset['value']}`;
  return figure({
    name: 'traces',
    title: 'What each start gained',
    note: 'The best start in colour. Lines that end early were given up for better ones.',
    content: h('div', {}, h('div', { class: 'controls' }, scale), plot.element),
    svg: plot.picture,
    csv: () => [
      ['start', 'iteration', 'mean_log_likelihood'],
      ...starts!.flatMap(({ trace }, start) => trace?.iteration.map((iteration, i) => [start + 1, iteration, trace.mean_log_likelihood[i]]) ?? []),
    ],
  });
}

function optimaFigure(page: Page): HTMLElement {
  const list = page.model.model.optima!;
  const plot = responsive((width) => optima(list, width));
  const again = list[0]!.n_init > 1 ? `The best one was found ${count(list[0]!.n_init)} times.` : 'The best one was found once: others may be better.';
  return figure({
    name: 'optima',
    title: 'Distinct optima',
    note: `${plural(list.length, 'optimum', 'optima')}, best at ${fixed(list[0]!.log_likelihood, 3)}. ${again}`,
    content: plot.element,
    svg: plot.picture,
    csv: () => [['log_likelihood', 'starts'], ...list.map((optimum) => [optimum.log_likelihood, optimum.n_init])],
  });
}

export function fit(page: Page): HTMLElement {
  const { model } = page.model;
  const pictures = [
    hasTraces(model.starts) ? page.live(['trace'], () => traceFigure(page)) : null,
    model.optima && model.optima.length > 0 ? optimaFigure(page) : null,
  ].filter((part) => part !== null);
  const residuals = [
    model.bivariate_residuals && model.bivariate_residuals.length > 0 ? bivariate(page) : null,
    model.pattern_residuals && model.pattern_residuals.length > 0 ? patterns(page) : null,
  ].filter((part) => part !== null);
  const warnings = model.fit.warnings ?? [];
  return h(
    'section',
    { id: 'fit', 'aria-labelledby': 'fit-title' },
    h('h2', { id: 'fit-title' }, 'How was it fitted?'),
    h('p', {}, introduction(page)),
    warnings.length > 0 ? h('ul', { class: 'warnings prose' }, ...warnings.map((text) => h('li', {}, shorten(text, 400)))) : null,
    pictures.length > 0 ? h('div', { class: 'pair' }, ...pictures) : null,
    settings(page),
    model.goodness_of_fit ? goodness(page) : null,
    residuals.length > 0 ? h('div', { class: 'pair' }, ...residuals) : null,
  );
}
