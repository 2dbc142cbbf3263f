import { expect, test } from 'vitest';
import type { Tensor } from '../src/document';
import { bit, decode, decodeMaybe, Matrix } from '../src/tensor';

const base64 = (bytes: ArrayLike<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('base64');

test('decodes every type of value, little-endian', () => {
  const floats = new Float32Array([0.25, -1.5, NaN]);
  const tensor: Tensor = { dtype: 'float32', shape: [3], base64: Buffer.from(floats.buffer).toString('base64') };
  expect([...decode(tensor)]).toEqual([0.25, -1.5, NaN]);
  expect([...decode({ dtype: 'uint8', shape: [2], base64: base64([0, 255]) })]).toEqual([0, 255]);
  expect([...decode({ dtype: 'uint16', shape: [2], base64: base64([1, 2, 255, 255]) })]).toEqual([513, 65535]);
  expect([...decode({ dtype: 'uint32', shape: [1], base64: base64([0, 0, 0, 128]) })]).toEqual([2 ** 31]);
});

test('an empty tensor has no values, and one that does not apply is null', () => {
  expect(decode({ dtype: 'float32', shape: [0, 4], base64: '' })).toHaveLength(0);
  expect(decodeMaybe(null)).toBeNull();
});

test('refuses a tensor whose bytes are not as many as its shape says', () => {
  expect(() => decode({ dtype: 'uint16', shape: [2, 2], base64: base64([1, 2]) })).toThrow('2 × 2');
});

test('a matrix gives rows and cells', () => {
  const matrix = Matrix.from({ dtype: 'uint8', shape: [2, 3], base64: base64([1, 2, 3, 4, 5, 6]) });
  expect([...matrix.row(1)]).toEqual([4, 5, 6]);
  expect(matrix.at(0, 2)).toBe(3);
});

test('bits are counted from the lowest of each byte', () => {
  const bits = Matrix.from({ dtype: 'uint8', shape: [2, 2], base64: base64([0b1, 0b10, 0b10000000, 0]) });
  const set = (row: number): number[] => Array.from({ length: 16 }, (_, d) => d).filter((d) => bit(bits, row, d));
  expect(set(0)).toEqual([0, 9]);
  expect(set(1)).toEqual([7]);
});
