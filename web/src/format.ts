// Numbers as people read them.

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const minus = (text: string): string => text.replace('-', '−');
const isNumber = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** What stands where there is no number. */
export const none = '–';

/** A whole number, thousands grouped; weights that are not whole with one decimal. */
export function count(value: number | null | undefined): string {
  if (!isNumber(value)) return none;
  if (Math.abs(value - Math.round(value)) < 1e-6 || Math.abs(value) >= 10_000) return minus(grouped.format(value));
  return fixed(value, 1);
}

export function fixed(value: number | null | undefined, digits: number): string {
  if (!isNumber(value)) return none;
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return minus(format.format(value));
}

const probabilityFormats = [0, 1, 2, 3, 4].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** A probability; what is not 0 or 1 is never written as if it were. */
export function probability(value: number | null | undefined, digits = 3): string {
  if (!isNumber(value)) return none;
  const text = (probabilityFormats[digits] ?? probabilityFormats[3]!).format(value);
  if (value > 0 && Number(text) === 0) return `<${(10 ** -digits).toFixed(digits)}`;
  if (value < 1 && Number(text) === 1) return `>${(1 - 10 ** -digits).toFixed(digits)}`;
  return text;
}

export function percent(value: number | null | undefined): string {
  if (!isNumber(value)) return none;
  const share = 100 * value;
  if (share > 0 && share < 0.1) return '<0.1\u00a0%';
  return `${fixed(share, share >= 99.95 || share === 0 ? 0 : 1)}\u00a0%`;
}

export function pValue(value: number | null | undefined): string {
  if (!isNumber(value)) return none;
  return value < 0.001 ? '<0.001' : fixed(value, 3);
}

export function seconds(value: number | null | undefined): string {
  if (!isNumber(value)) return none;
  if (value < 1) return `${Number((1000 * value).toPrecision(3))} ms`;
  if (value < 120) return `${fixed(value, value < 10 ? 2 : 1)} s`;
  return `${fixed(value / 60, 1)} min`;
}

/** Up to `digits` significant digits, for numbers of unknown size. */
export function significant(value: number | null | undefined, digits = 4): string {
  if (!isNumber(value)) return none;
  if (value !== 0 && Math.abs(value) < 1e-4) return minus(value.toExponential(1).replace('.0e', 'e'));
  return minus(new Intl.NumberFormat('en-US', { maximumSignificantDigits: digits }).format(value));
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
