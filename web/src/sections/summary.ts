// What was fitted, and can it be trusted?

import type { Level } from '../document';
import { h, screenReaderOnly } from '../dom';
import { count, fixed, none, percent, plural, seconds, significant } from '../format';
import { shorten } from '../names';
import { areNamed, componentName, type Page } from '../page';

const signs: Record<Level, readonly [string, string]> = {
  good: ['✓', 'Good: '],
  note: ['•', 'Note: '],
  warning: ['!', 'Warning: '],
};

function verdict(page: Page): HTMLElement {
  const sentences = page.model.model.verdict.map(({ level, text }) => {
    const [sign, word] = signs[level];
    return h(
      'li',
      { class: `level-${level}` },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      h('span', {}, screenReaderOnly(word), shorten(text, 400)),
    );
  });
  return h('ul', { class: 'verdict', 'aria-label': 'Verdict' }, ...sentences);
}

/** More classes are not told by name in a sentence. */
const maxListed = 8;

function lead(page: Page): string {
  const { data } = page.report.document;
  const { model } = page.model;
  const items = data.items ? plural(data.items.length, 'item') : plural(data.n_features, data.shape ? 'pixel' : 'feature');
  const rows = data.n_rows === null ? 'Data' : plural(data.n_rows, 'row');
  const components = plural(model.n_components, 'component');
  if (model.n_components <= maxListed && areNamed(model.n_components)) {
    const shares = model.weights.map((weight, k) => `${componentName(k)} ${percent(weight)}`);
    return `${rows} of ${items}, described as a mixture of ${components}: ${shares.join(', ')}.`;
  }
  const largest =
    model.n_components < 2 ? '' : ` The largest holds ${percent(Math.max(...model.weights))}, the smallest ${percent(Math.min(...model.weights))}.`;
  return `${rows} of ${items}, described as a mixture of ${components}.${largest}`;
}

/** How well it fits, how sure the classes are, how sure the optimum is; the rest is behind a click. */
const firstFacts = ['BIC', 'entropy R²', 'starts at the best'];

function facts(page: Page): HTMLElement {
  const { document } = page.report;
  const { data } = document;
  const { model } = page.model;
  const { fit, criteria, classification } = model;
  const starts = fit.n_init === null ? none : `${count(fit.n_init_at_best)} of ${count(fit.n_init)}`;
  const smoothing = significant(fit.smoothing) + (fit.smoothing_target === 'item' ? ' toward item means' : '');
  const entries: [string, string, string?][] = [
    ['rows', count(data.n_rows)],
    ['distinct rows', count(data.n_distinct_rows)],
    ...(data.items ? [['items', count(data.items.length)] as [string, string]] : []),
    [data.items ? 'answers' : 'features', data.shape ? `${count(data.n_features)} (${data.shape.join(' × ')})` : count(data.n_features)],
    ['missing cells', data.missing_share === 0 ? 'none' : percent(data.missing_share)],
    ['components', count(model.n_components)],
    ['parameters', count(model.n_parameters)],
    ['log-likelihood', fixed(model.log_likelihood, 3)],
    ['log-likelihood a row', fixed(model.mean_log_likelihood, 4)],
    ['BIC', fixed(criteria.bic, 2), 'Bayesian information criterion'],
    ['AIC', fixed(criteria.aic, 2), 'Akaike information criterion'],
    ['entropy R²', fixed(classification?.entropy_r2, 3), '1: every row is certain of its component; 0: none is'],
    ['starts at the best', starts],
    ['iterations', count(fit.n_iter)],
    ['time', seconds(fit.seconds?.total)],
    ['seed', fit.seed === null ? none : String(fit.seed)],
    ['smoothing', smoothing, 'pseudo-count added to the ones and to the zeros of every cell'],
    ['version', document.version],
    ['kernel', fit.kernel ?? document.kernel ?? none],
  ];
  if (data.threshold !== null) entries.push(['threshold', `1 where > ${significant(data.threshold)}`]);
  if (data.total_weight !== null && data.n_rows !== null && data.total_weight !== data.n_rows) {
    entries.splice(2, 0, ['total weight', count(data.total_weight)]);
  }
  const list = (some: typeof entries, ...classes: string[]): HTMLElement =>
    h('dl', { class: ['facts', ...classes].join(' ') }, ...some.map(([name, value, hint]) => h('div', { title: hint }, h('dt', {}, name), h('dd', {}, value))));
  const isFirst = ([name]: (typeof entries)[number]): boolean => firstFacts.includes(name);
  return h(
    'div',
    {},
    list(entries.filter(isFirst)),
    h('details', { class: 'more-facts' }, h('summary', {}, 'All numbers of the fit'), list(entries.filter((entry) => !isFirst(entry)), 'plain')),
  );
}

export function summary(page: Page): HTMLElement {
  const { document } = page.report;
  const title = shorten(document.title, 120) || '(no name)';
  const created = new Date(document.created);
  const when = Number.isNaN(created.getTime()) ? '' : ` · ${created.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return h(
    'section',
    { id: 'summary', 'aria-label': 'Summary' },
    h('p', { class: 'eyebrow' }, `Mixture of Bernoulli distributions${when}`),
    h('h1', { class: 'name', title: document.title }, title),
    h('p', { class: 'lead' }, lead(page)),
    h('h2', { class: 'only-read' }, 'Can this be trusted?'),
    h('div', { class: 'first' }, verdict(page), facts(page)),
  );
}
