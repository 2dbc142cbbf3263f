// What features and labels are called on the page. A name can be anything: empty, there twice, 10,000 characters long.

const invisible = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** At most `length` characters of a text on one line. */
export function shorten(text: string, length: number): string {
  const line = text.slice(0, 4 * length + 64).replace(invisible, ' ').trim();
  const characters = [...line];
  if (characters.length <= length && text.length <= 4 * length + 64) return line;
  return `${characters.slice(0, length - 1).join('').trimEnd()}…`;
}

function duplicates(names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (seen.has(name) ? twice : seen).add(name);
  return twice;
}

const answerLength = 16;
const leastLength = 8;

/** Names that tell apart what they name: a number is added where the data's own do not, and the answer that is 1 where items differ in it. */
export class Names {
  private readonly twice: Set<string>;

  constructor(
    private readonly names: readonly string[] | null,
    private readonly fallback: (index: number) => string,
    private readonly answers: readonly string[] | null = null,
  ) {
    this.twice = duplicates((names ?? []).map((name, index) => this.told(name, index)));
  }

  /** The whole name, as the data has it. */
  full(index: number): string {
    const name = this.names?.[index] || this.fallback(index);
    const answer = this.answers?.[index];
    return answer === undefined ? name : `${name} = ${answer}`;
  }

  short(index: number, length = 28): string {
    const answer = this.answers?.[index];
    if (answer === undefined) return this.bare(index, length);
    const text = shorten(answer, answerLength);
    return `${this.bare(index, Math.max(length - text.length - 3, leastLength))} = ${text}`;
  }

  private bare(index: number, length: number): string {
    const name = this.names?.[index];
    if (name === undefined) return this.fallback(index);
    const text = shorten(name, length);
    if (text === '') return `(no name, ${index + 1})`;
    return this.twice.has(this.told(name, index)) ? `${text} (${index + 1})` : text;
  }

  /** By what things are told apart: an item of several answers has a feature for each. */
  private told(name: string, index: number): string {
    return `${name}\n${this.answers?.[index] ?? ''}`;
  }

  /** The longest of the short names of these positions. */
  longest(indices: readonly number[], length = 28): number {
    return indices.reduce((longest, index) => Math.max(longest, this.short(index, length).length), 0);
  }
}

/** Names of pixels say where they are, unless the data names them. */
export function featureNames(names: string[] | null, shape: [number, number] | null, answers: string[] | null = null): Names {
  if (!shape) return new Names(names, (d) => String(d + 1), answers);
  const width = shape[1];
  return new Names(names, (d) => `row ${Math.floor(d / width) + 1}, column ${(d % width) + 1}`, answers);
}
