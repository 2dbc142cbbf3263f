// The answers of a row in words, where a grid of marks has no room.

import { count } from './format';
import type { ModelView } from './model';
import { shorten } from './names';

/** With more items than this, what is not a one is not worth a word. */
export const maxNamed = 30;
const maxListed = 8;

function listed(view: ModelView, items: readonly number[]): string {
  const first = [...items].sort((a, b) => view.information[b]! - view.information[a]! || a - b).slice(0, maxListed);
  const rest = items.length - first.length;
  return first.map((d) => view.features.short(d, 24)).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '');
}

/** The items that are ones, or all but those that are not where these are fewer; and the missing ones. */
export function inWords(view: ModelView, cell: (d: number) => '0' | '1' | '?'): string {
  const of = { '0': [] as number[], '1': [] as number[], '?': [] as number[] };
  for (let d = 0; d < view.nFeatures; d++) of[cell(d)].push(d);
  const few = view.nFeatures <= maxNamed;
  const inverse = few && of['1'].length > of['0'].length;
  const ones = inverse ? (of['0'].length === 0 ? 'all' : `all but ${listed(view, of['0'])}`) : listed(view, of['1']) || 'none';
  return few && of['?'].length > 0 ? `${ones} (no answer: ${listed(view, of['?'])})` : ones;
}

/** What the items are that `inWords` names, as the title of a column. */
export function titleOfWords({ data }: ModelView): string {
  return data.answer === null ? 'items that are 1' : `items with “${shorten(data.answer, 20)}”`;
}
