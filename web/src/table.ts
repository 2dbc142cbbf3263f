// A table that sorts, and that holds no more rows in the page than can be seen.

import { type Child, h } from './dom';
import { count } from './format';

export interface Column {
  key: string;
  title: string;
  /** Whole text of a title that was shortened. */
  hint?: string;
  numeric?: boolean;
  /** What the column sorts by; without it, it does not. */
  value?: (row: number) => number | string;
  cell: (row: number) => Child;
  /** Whole text of a cell that may be cut. */
  full?: (row: number) => string;
}

export interface TableOptions {
  label: string;
  columns: readonly Column[];
  /** Rows in their first order, by what `Column` functions know them. */
  rows: readonly number[];
  /** A column's key, with `-` before it for descending; empty for the first order. */
  sort: string;
  sorted?: (sort: string) => void;
  height?: number;
  chosen?: (row: number) => boolean;
  pressed?: (row: number) => void;
}

export interface DataTable {
  element: HTMLElement;
  show(rows: readonly number[]): void;
}

const rowHeight = 32;

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b), 'en', { numeric: true });
  // What is not there goes last.
  if (a !== a || b !== b) return a !== a ? (b !== b ? 0 : 1) : -1;
  return a - b;
}

export function sortRows(rows: readonly number[], columns: readonly Column[], sort: string): readonly number[] {
  const descending = sort.startsWith('-');
  const value = columns.find((column) => column.key === sort.replace(/^-/, ''))?.value;
  if (!value) return rows;
  const missing = (row: number): boolean => Number.isNaN(value(row));
  return [...rows].sort((a, b) => {
    const order = compare(value(a), value(b));
    return (descending && !missing(a) && !missing(b) ? -order : order) || a - b;
  });
}

class VirtualTable implements DataTable {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly head = h('tr');
  private sort: string;
  private given: readonly number[] = [];
  private shown: readonly number[] = [];
  private first = -1;

  constructor(private readonly options: TableOptions) {
    this.sort = options.sort;
    const table = h('table', { 'aria-label': options.label }, h('thead', {}, this.head), this.body);
    this.element = h('div', { class: 'scroll', role: 'region', 'aria-label': options.label, tabindex: 0 }, table);
    this.element.style.maxHeight = `${options.height ?? 420}px`;
    this.element.addEventListener('scroll', () => this.fill(false), { passive: true });
    this.drawHead();
    this.show(options.rows);
  }

  show(rows: readonly number[]): void {
    this.given = rows;
    this.shown = sortRows(rows, this.options.columns, this.sort);
    this.element.querySelector('table')!.setAttribute('aria-rowcount', String(this.shown.length + 1));
    this.fill(true);
  }

  private get visible(): number {
    return Math.ceil((this.options.height ?? 420) / rowHeight) + 10;
  }

  private drawHead(): void {
    this.head.replaceChildren(...this.options.columns.map((column, i) => this.title(column, i)));
  }

  private title(column: Column, place: number): HTMLElement {
    const descending = this.sort === `-${column.key}`;
    const current = descending || this.sort === column.key;
    const cell = h('th', {
      scope: 'col',
      class: [column.numeric ? 'number' : '', place === 0 ? 'first-column' : ''].join(' ').trim() || null,
      title: column.hint,
      'data-column': column.key,
      'aria-sort': current ? (descending ? 'descending' : 'ascending') : null,
    });
    if (!column.value) cell.append(column.title);
    else {
      const press = h('button', { type: 'button' }, column.title);
      press.addEventListener('click', () => this.sortBy(column));
      cell.append(press);
    }
    return cell;
  }

  /** Numbers first from the largest, texts from a; then the other way; then as at first. */
  private sortBy(column: Column): void {
    const [once, twice] = column.numeric ? [`-${column.key}`, column.key] : [column.key, `-${column.key}`];
    this.sort = this.sort === once ? twice : this.sort === twice ? '' : once;
    this.options.sorted?.(this.sort);
    this.drawHead();
    const again = [...this.head.children].find((cell) => cell.getAttribute('data-column') === column.key);
    again?.querySelector('button')?.focus();
    this.element.scrollTop = 0;
    this.show(this.given);
  }

  private fill(always: boolean): void {
    const last = Math.max(0, this.shown.length - this.visible);
    const first = Math.min(Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - 5), last);
    if (!always && first === this.first) return;
    this.first = first;
    const rows = this.shown.slice(first, first + this.visible);
    const left = this.shown.length - rows.length;
    // On paper, where nobody scrolls.
    this.element.dataset['left'] = left > 0 ? `and ${count(left)} more rows, which the CSV has` : '';
    this.body.replaceChildren(
      ...this.filler(first),
      ...rows.map((row, i) => this.row(row, first + i)),
      ...this.filler(this.shown.length - first - rows.length),
    );
  }

  private filler(n: number): HTMLElement[] {
    if (n <= 0) return [];
    const cell = h('td', { colspan: this.options.columns.length });
    cell.style.height = `${n * rowHeight}px`;
    return [h('tr', { class: 'filler', 'aria-hidden': 'true' }, cell)];
  }

  private row(row: number, place: number): HTMLElement {
    const { columns, chosen, pressed } = this.options;
    const element = h('tr', { 'aria-rowindex': place + 2, class: chosen?.(row) ? 'chosen' : null });
    columns.forEach((column, i) => {
      const attributes = {
        class: [column.numeric ? 'number' : '', i === 0 ? 'first-column' : ''].join(' ').trim() || null,
        title: column.full?.(row),
      };
      element.append(i === 0 ? h('th', { scope: 'row', ...attributes }, column.cell(row)) : h('td', attributes, column.cell(row)));
    });
    if (pressed) element.addEventListener('click', () => pressed(row));
    return element;
  }
}

export const dataTable = (options: TableOptions): DataTable => new VirtualTable(options);
