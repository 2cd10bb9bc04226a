import type { TensorData } from "../../src/files/safetensors.ts";

/** An array that a manifest describes by a formula, too large to be kept in a file. */
export interface FormulaInput {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Another seed, other numbers. */
  readonly seed: number;
  /** What numbers from -1 to 1 are multiplied with. */
  readonly scale: number;
  /** Added then. */
  readonly shift: number;
}

/**
 * The array: element `i` is `shift + scale * h(seed, i)`, where `h` is made of the upper 24 bits of a hash and lies in
 * [-1, 1).
 */
export function formulaInput({ shape, seed, scale, shift }: FormulaInput): TensorData<"F32"> {
  const data = new Float32Array(shape.reduce((size, extent) => size * extent, 1));
  const start = Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < data.length; i++) {
    data[i] = shift + scale * ((hash(i + start) >>> 8) - 8388608) / 8388608;
  }
  return { dtype: "F32", shape, data };
}

/** 32 bits that depend on all bits of a number. */
function hash(value: number): number {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x6a09e667);
  x ^= x >>> 15;
  x = Math.imul(x, 0xbb67ae85);
  return x ^ (x >>> 16);
}
