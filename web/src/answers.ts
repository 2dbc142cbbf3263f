// The answers of a row in words, where a grid of marks has no room.

import { count } from './format';
import type { Item, ModelView } from './model';
import { shorten } from './names';

/** With more items than this, what is not a one is not worth a word. */
export const maxNamed = 30;
const maxListed = 8;
const maxAnswers = 12;

function listed(view: ModelView, items: readonly number[]): string {
  const first = [...items].sort((a, b) => view.information[b]! - view.information[a]! || a - b).slice(0, maxListed);
  const rest = items.length - first.length;
  return first.map((d) => view.features.short(d, 24)).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '');
}

/** What was answered, where items have more than two answers. */
function answered(view: ModelView, items: readonly Item[], cell: (d: number) => '0' | '1' | '?'): string {
  const parts = items.flatMap(({ first, size }) => {
    const chosen = Array.from({ length: size }, (_, answer) => first + answer).find((d) => cell(d) === '1');
    if (chosen !== undefined) return [view.features.short(chosen, 36)];
    const zero = view.data.codings?.[first]?.[0];
    return size === 1 && cell(first) === '0' && zero ? [`${shorten(view.data.feature_names?.[first] ?? '', 24)} = ${shorten(zero, 16)}`] : [];
  });
  const missing = items.flatMap((item, place) => (cell(item.first) === '?' ? [view.items.short(place, 24)] : []));
  const rest = parts.length - maxAnswers;
  const told = parts.slice(0, maxAnswers).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '');
  return missing.length > 0 && missing.length <= maxListed ? `${told || 'nothing'} (no answer: ${missing.join(', ')})` : told;
}

/** The items that are ones, or all but those that are not where these are fewer; and the missing ones. */
export function inWords(view: ModelView, cell: (d: number) => '0' | '1' | '?'): string {
  if (view.data.items) return answered(view, view.data.items, cell);
  const of = { '0': [] as number[], '1': [] as number[], '?': [] as number[] };
  for (let d = 0; d < view.nFeatures; d++) of[cell(d)].push(d);
  const few = view.nFeatures <= maxNamed;
  const inverse = few && of['1'].length > of['0'].length;
  const ones = inverse ? (of['0'].length === 0 ? 'all' : `all but ${listed(view, of['0'])}`) : listed(view, of['1']) || 'none';
  return few && of['?'].length > 0 ? `${ones} (no answer: ${listed(view, of['?'])})` : ones;
}

/** What the items are that `inWords` names, as the title of a column. */
export function titleOfWords({ data }: ModelView): string {
  if (data.items) return 'answers';
  return data.answer === null ? 'items that are 1' : `items with “${shorten(data.answer, 20)}”`;
}
