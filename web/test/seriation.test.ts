import { expect, test } from 'vitest';
import { order } from '../src/seriation';
import { Matrix } from '../src/tensor';

const matrix = (rows: number[][]): Matrix => new Matrix(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
const permutation = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Sum of squared differences of neighbouring rows. */
function roughness(rows: number[][]): number {
  return rows.slice(1).reduce((sum, row, i) => sum + row.reduce((all, value, c) => all + (value - rows[i]![c]!) ** 2, 0), 0);
}

test('orders are permutations', () => {
  const { rows, columns } = order(matrix([[0.1, 0.9, 0.5, 0.2], [0.9, 0.1, 0.4, 0.3], [0.2, 0.8, 0.5, 0.9]]));
  expect([...rows].sort()).toEqual(permutation(3));
  expect([...columns].sort()).toEqual(permutation(4));
});

test('rows of two kinds stand together', () => {
  const [a, b] = [[0.9, 0.9, 0.1, 0.1], [0.1, 0.1, 0.9, 0.9]];
  const { rows, columns } = order(matrix([a!, b!, a!, b!, a!]));
  const kinds = rows.map((row) => row % 2);
  expect(kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1])).toHaveLength(1);
  expect(new Set(columns.slice(0, 2).map((column) => column < 2)).size).toBe(1);
});

test('finds the order of a chain that was shuffled', () => {
  const n = 12;
  const bump = (centre: number): number[] => permutation(n).map((c) => Math.exp(-((c - centre) ** 2) / 18));
  const shuffled = permutation(n).map((i) => bump((i * 5) % n));
  const { rows } = order(matrix(shuffled));
  expect(roughness(rows.map((row) => shuffled[row]!))).toBeCloseTo(roughness(permutation(n).map(bump)), 4);
});

test('one row, equal rows and constant columns have an order too', () => {
  expect(order(matrix([[0.5, 0.1, 0.9]])).rows).toEqual([0]);
  expect([...order(matrix([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])).rows].sort()).toEqual([0, 1, 2]);
});
