import { type ConvolutionGeometry, stepsOf } from "./geometry.ts";

/**
 * The products that one element of the output is the sum of, as places in both operands: what a contraction means,
 * independent of how kernels compute it. Kernels are tested against it.
 */
export type Terms = (element: number) => Generator<readonly [a: number, b: number]>;

/** Sizes of a product of matrices, of which either may be stored transposed. */
export interface DenseSizes {
  /** Rows of the product. */
  readonly rows: number;
  /** Columns of the product. */
  readonly columns: number;
  /** Length of the sums. */
  readonly depth: number;
  /** `A` is stored `[depth, rows]` instead of `[rows, depth]`. */
  readonly transposeA: boolean;
  /** `B` is stored `[columns, depth]` instead of `[depth, columns]`. */
  readonly transposeB: boolean;
  /**
   * How many pairs of matrices are multiplied, each with its own product. All lie one after another.
   *
   * @default {1}
   */
  readonly batch?: number;
  /**
   * The numbers of a row of `B` lie in blocks of {@linkcode BLOCK}, each with all rows before the next. A row has a
   * multiple of so many.
   *
   * @default {false}
   */
  readonly blocked?: boolean;
}

/**
 * Numbers of a row that lie together in a matrix in blocks: as many as a tile has columns, so that it reads memory from
 * one end to the other.
 */
export const BLOCK = 64;

/** Terms of a product of matrices. */
export function denseTerms(
  { rows, columns, depth, transposeA, transposeB, blocked = false }: DenseSizes,
): Terms {
  const [lines, length] = transposeB ? [columns, depth] : [depth, columns];
  const inB = (line: number, at: number) =>
    blocked ? (Math.floor(at / BLOCK) * lines + line) * BLOCK + at % BLOCK : line * length + at;
  return function* (element) {
    const [line, column] = [Math.floor(element / columns), element % columns];
    const [pair, row] = [Math.floor(line / rows), line % rows];
    const [a, b] = [pair * rows * depth, pair * depth * columns];
    for (let j = 0; j < depth; j++) {
      yield [
        a + (transposeA ? j * rows + row : row * depth + j),
        b + (transposeB ? inB(column, j) : inB(j, column)),
      ];
    }
  };
}

/** Terms of a convolution: `a` is the input, `b` the weight. */
export function convolutionTerms(g: ConvolutionGeometry): Terms {
  return function* (element) {
    const [image, y, x, output] = split(element, [g.outHeight, g.outWidth, g.outputs]);
    for (const [ky, kx] of window(g)) {
      const [row, column] = seenBy(g, [y, x], [ky, kx]);
      if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
      for (let input = 0; input < g.inputs; input++) {
        yield [inputAt(g, image, row, column, input), weightAt(g, ky, kx, input, output)];
      }
    }
  };
}

/** Terms of the gradient with respect to the input: `a` is the output's gradient, `b` the weight. */
export function inputGradientTerms(g: ConvolutionGeometry): Terms {
  const { stride, padding, dilation } = stepsOf(g);
  return function* (element) {
    const [image, y, x, input] = split(element, [g.height, g.width, g.inputs]);
    for (const [ky, kx] of window(g)) {
      const row = (y + padding[0] - ky * dilation[0]) / stride[0];
      const column = (x + padding[1] - kx * dilation[1]) / stride[1];
      if (!isPlace(row, g.outHeight) || !isPlace(column, g.outWidth)) continue;
      for (let output = 0; output < g.outputs; output++) {
        yield [outputAt(g, image, row, column, output), weightAt(g, ky, kx, input, output)];
      }
    }
  };
}

/** Terms of the gradient with respect to the weight: `a` is the input, `b` the output's gradient. */
export function weightGradientTerms(g: ConvolutionGeometry): Terms {
  return function* (element) {
    const [ky, kx, input, output] = split(element, [g.kernelWidth, g.inputs, g.outputs]);
    for (let image = 0; image < g.images; image++) {
      for (let y = 0; y < g.outHeight; y++) {
        for (let x = 0; x < g.outWidth; x++) {
          const [row, column] = seenBy(g, [y, x], [ky, kx]);
          if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
          yield [inputAt(g, image, row, column, input), outputAt(g, image, y, x, output)];
        }
      }
    }
  };
}

/** A place in an array of four axes, given the extents of the last three. */
function split(at: number, [second, third, fourth]: readonly [number, number, number]): [
  number,
  number,
  number,
  number,
] {
  const rest = Math.floor(at / fourth);
  const line = Math.floor(rest / third);
  return [Math.floor(line / second), line % second, rest % third, at % fourth];
}

/** The pixel of the input that a tap of the window of an output pixel sees; it may be outside. */
function seenBy(
  g: ConvolutionGeometry,
  [y, x]: readonly [number, number],
  [ky, kx]: readonly [number, number],
): readonly [row: number, column: number] {
  const { stride, padding, dilation } = stepsOf(g);
  return [y * stride[0] - padding[0] + ky * dilation[0], x * stride[1] - padding[1] + kx * dilation[1]];
}

function* window(g: ConvolutionGeometry): Generator<readonly [ky: number, kx: number]> {
  for (let ky = 0; ky < g.kernelHeight; ky++) {
    for (let kx = 0; kx < g.kernelWidth; kx++) yield [ky, kx];
  }
}

function isPlace(at: number, extent: number): boolean {
  return Number.isInteger(at) && at >= 0 && at < extent;
}

function inputAt(g: ConvolutionGeometry, image: number, y: number, x: number, channel: number): number {
  return ((image * g.height + y) * g.width + x) * g.inputs + channel;
}

function outputAt(g: ConvolutionGeometry, image: number, y: number, x: number, channel: number): number {
  return ((image * g.outHeight + y) * g.outWidth + x) * g.outputs + channel;
}

function weightAt(g: ConvolutionGeometry, ky: number, kx: number, input: number, output: number): number {
  return ((ky * g.kernelWidth + kx) * g.inputs + input) * g.outputs + output;
}
