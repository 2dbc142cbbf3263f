// What the reader chose to see. It stands in the address after #, so that a link keeps it.

const defaults = {
  section: 'summary',
  /** Components of the model that is shown; empty for the best one. */
  k: '',
  /** Position of the chosen component, from 1. */
  component: '1',
  /** The component that it is compared with, from 1. */
  versus: '2',
  /** Order of the components. */
  order: 'weight',
  /** What pictures show. */
  picture: 'probability',
  /** Order of the items in the profile. */
  items: 'given',
  /** Sort of the tables: a column, and `-` before it for descending. */
  item_sort: '',
  row_sort: '',
  /** Filters of the table of rows. */
  rows_of: '',
  search: '',
  /** What the reader calls the components, with commas between the names. */
  names: '',
  /** Scale of the traces. */
  trace: 'value',
};

export type Key = keyof typeof defaults;
export type Choices = Record<Key, string>;

const keys = Object.keys(defaults) as Key[];

export function parseHash(hash: string): Choices {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const choices = { ...defaults };
  for (const key of keys) choices[key] = given.get(key) ?? defaults[key];
  return choices;
}

export function formatHash(choices: Choices): string {
  const parameters = new URLSearchParams();
  for (const key of keys) if (choices[key] !== defaults[key]) parameters.set(key, choices[key]);
  return parameters.toString();
}

/** The names of `n` components in the text that the address keeps; empty texts where there are none, or those of another model. */
export function givenNames(text: string, n: number): string[] {
  const names = text.split(',');
  return Array.from({ length: n }, (_, k) => (names.length === n ? names[k]!.trim() : ''));
}

type Listener = (changed: ReadonlySet<Key>) => void;

export class View {
  private choices: Choices;
  private listeners: { keys: readonly Key[]; listener: Listener }[] = [];

  constructor(private readonly location: Pick<Location, 'hash'>) {
    this.choices = parseHash(location.hash);
  }

  get(key: Key): string {
    return this.choices[key];
  }

  /** A position that was written counting from 1, kept within 0 … n - 1. */
  position(key: Key, n: number): number {
    const value = Number.parseInt(this.choices[key], 10) - 1;
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), Math.max(n - 1, 0)) : 0;
  }

  set(patch: Partial<Choices>): void {
    this.take({ ...this.choices, ...patch });
    const hash = formatHash(this.choices);
    history.replaceState(null, '', hash ? `#${hash}` : '#');
  }

  /** Takes over what the address says, after the reader edited it or went back. */
  reread(): void {
    this.take(parseHash(this.location.hash));
  }

  on(watched: readonly Key[], listener: Listener): void {
    this.listeners.push({ keys: watched, listener });
  }

  /** Forgets all listeners but the first `n`; a page that is drawn anew registers its own. */
  forget(n: number): void {
    this.listeners.length = n;
  }

  get size(): number {
    return this.listeners.length;
  }

  private take(next: Choices): void {
    const changed = new Set(keys.filter((key) => next[key] !== this.choices[key]));
    this.choices = next;
    if (changed.size === 0) return;
    for (const { keys: watched, listener } of [...this.listeners]) {
      if (watched.some((key) => changed.has(key))) listener(changed);
    }
  }
}
