// Orders rows and columns of a matrix so that similar ones are neighbours: by their angle in the plane of the first two
// singular vectors, cut open at the widest gap (Friendly 2002, Corrgrams, The American Statistician 56).

import type { Matrix } from './tensor';

export interface Seriation {
  rows: number[];
  columns: number[];
}

const identity = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function columnMeans(matrix: Matrix): Float64Array {
  const means = new Float64Array(matrix.nColumns);
  for (let r = 0; r < matrix.nRows; r++) {
    const row = matrix.row(r);
    for (let c = 0; c < means.length; c++) means[c]! += row[c]! / matrix.nRows;
  }
  return means;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return length;
}

/** Centred matrix times a vector over its columns, and its transpose times a vector over its rows. */
function products(matrix: Matrix): { times(v: Float64Array): Float64Array; transposed(u: Float64Array): Float64Array } {
  const means = columnMeans(matrix);
  return {
    times(v) {
      const shift = dot(means, v);
      return Float64Array.from(identity(matrix.nRows), (r) => {
        const row = matrix.row(r);
        let sum = -shift;
        for (let c = 0; c < v.length; c++) sum += row[c]! * v[c]!;
        return sum;
      });
    },
    transposed(u) {
      const total = u.reduce((sum, value) => sum + value, 0);
      const result = Float64Array.from(means, (mean) => -mean * total);
      for (let r = 0; r < u.length; r++) {
        const row = matrix.row(r);
        for (let c = 0; c < result.length; c++) result[c]! += u[r]! * row[c]!;
      }
      return result;
    },
  };
}

/** The leading left and right singular vectors by power iteration, orthogonal to `others`. */
function singular(matrix: Matrix, others: readonly Float64Array[]): { left: Float64Array; right: Float64Array } {
  const { times, transposed } = products(matrix);
  // Any fixed start that no structure of the data is likely to be orthogonal to.
  let left: Float64Array = Float64Array.from(identity(matrix.nRows), (r) => Math.sin(1 + 1.7 * r));
  let right = transposed(left);
  for (let iteration = 0; iteration < 40; iteration++) {
    for (const other of others) {
      const overlap = dot(left, other);
      for (let i = 0; i < left.length; i++) left[i]! -= overlap * other[i]!;
    }
    if (normalise(left) === 0) break;
    right = transposed(left);
    if (normalise(right) === 0) break;
    left = times(right);
  }
  normalise(left);
  return { left, right };
}

function byAngle(x: Float64Array, y: Float64Array): number[] {
  const angles = Array.from(x, (value, i) => Math.atan2(y[i]!, value));
  const sorted = identity(x.length).sort((a, b) => angles[a]! - angles[b]! || a - b);
  let cut = 0;
  let widest = -1;
  sorted.forEach((index, place) => {
    const before = sorted[(place + sorted.length - 1) % sorted.length]!;
    const gap = angles[index]! - angles[before]! + (place === 0 ? 2 * Math.PI : 0);
    if (gap > widest) [widest, cut] = [gap, place];
  });
  return [...sorted.slice(cut), ...sorted.slice(0, cut)];
}

export function order(matrix: Matrix): Seriation {
  const first = singular(matrix, []);
  if (matrix.nRows < 3) {
    const along = (values: Float64Array): number[] => identity(values.length).sort((a, b) => values[b]! - values[a]! || a - b);
    return { rows: identity(matrix.nRows), columns: along(first.right) };
  }
  const second = singular(matrix, [first.left]);
  return { rows: byAngle(first.left, second.left), columns: byAngle(first.right, second.right) };
}
