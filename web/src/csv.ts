// Numbers as CSV (RFC 4180).

export type Cell = string | number | null | undefined;
export type Table = readonly (readonly Cell[])[];

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  // A spreadsheet takes a text that begins like this for a formula and runs it.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(rows: Table): string {
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

/** The shortest decimal of a value that was stored as float32. */
export function float32(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(7));
}
