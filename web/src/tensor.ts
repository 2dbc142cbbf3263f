// Decodes tensors: base64 of raw little-endian values, row-major.

import type { Tensor } from './document';

export type Values = Float32Array | Uint8Array | Uint16Array | Uint32Array;

const arrays = { float32: Float32Array, uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array } as const;

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const result = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) result[i] = text.charCodeAt(i);
  return result;
}

function swap(raw: Uint8Array, width: number): void {
  for (let i = 0; i < raw.length; i += width) raw.subarray(i, i + width).reverse();
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The values of a tensor; throws if there are not as many as its shape says. */
export function decode(tensor: Tensor): Values {
  const raw = bytes(tensor.base64);
  const Typed = arrays[tensor.dtype];
  const count = tensor.shape.reduce((product, side) => product * side, 1);
  if (raw.length !== count * Typed.BYTES_PER_ELEMENT) {
    throw new Error(`a tensor of shape ${tensor.shape.join(' × ')} has ${raw.length} bytes`);
  }
  if (!littleEndian) swap(raw, Typed.BYTES_PER_ELEMENT);
  return new Typed(raw.buffer);
}

export const decodeMaybe = (tensor: Tensor | null): Values | null => (tensor ? decode(tensor) : null);

/** A matrix whose rows are views of one array. */
export class Matrix {
  readonly nRows: number;
  readonly nColumns: number;

  constructor(
    readonly values: Values,
    shape: readonly number[],
  ) {
    this.nRows = shape[0] ?? 0;
    this.nColumns = shape[1] ?? 0;
  }

  static from(tensor: Tensor): Matrix {
    return new Matrix(decode(tensor), tensor.shape);
  }

  row(index: number): Values {
    return this.values.subarray(index * this.nColumns, (index + 1) * this.nColumns);
  }

  at(row: number, column: number): number {
    return this.values[row * this.nColumns + column] ?? NaN;
  }
}

/** Whether bit `d` of row `row` is set; bit d % 8 of byte floor(d / 8). */
export function bit(bits: Matrix, row: number, d: number): boolean {
  return ((bits.at(row, d >> 3) >> (d & 7)) & 1) === 1;
}
