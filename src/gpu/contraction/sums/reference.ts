/** Sizes of a contraction by the names of its uniforms. */
export type Sizes = Readonly<Record<string, number>>;

/**
 * The products that one element of the output is the sum of, as places in both operands: what a contraction means,
 * written down without regard to how kernels go about it. Kernels are held to it.
 */
export type Terms = (sizes: Sizes, element: number) => Generator<readonly [a: number, b: number]>;

/** Terms of a product of matrices, of which either may be stored transposed. */
export function denseTerms(transposeA: boolean, transposeB: boolean): Terms {
  return function* (sizes, element) {
    const { rows, columns, depth } = sizes as { rows: number; columns: number; depth: number };
    const [row, column] = [Math.floor(element / columns), element % columns];
    for (let j = 0; j < depth; j++) {
      yield [
        transposeA ? j * rows + row : row * depth + j,
        transposeB ? column * depth + j : j * columns + column,
      ];
    }
  };
}

/** Terms of a convolution: `a` is the input, `b` the weight. */
export const convolutionTerms: Terms = function* (sizes, element) {
  const g = geometryOf(sizes);
  const [image, y, x, output] = split(element, [g.out_height, g.out_width, g.outputs]);
  for (const [ky, kx] of window(g)) {
    const [row, column] = [y * g.stride - g.padding + ky, x * g.stride - g.padding + kx];
    if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
    for (let input = 0; input < g.inputs; input++) {
      yield [inputAt(g, image, row, column, input), weightAt(g, ky, kx, input, output)];
    }
  }
};

/** Terms of the gradient with respect to the input: `a` is the output's gradient, `b` the weight. */
export const inputGradientTerms: Terms = function* (sizes, element) {
  const g = geometryOf(sizes);
  const [image, y, x, input] = split(element, [g.height, g.width, g.inputs]);
  for (const [ky, kx] of window(g)) {
    const [row, column] = [(y + g.padding - ky) / g.stride, (x + g.padding - kx) / g.stride];
    if (!isPlace(row, g.out_height) || !isPlace(column, g.out_width)) continue;
    for (let output = 0; output < g.outputs; output++) {
      yield [outputAt(g, image, row, column, output), weightAt(g, ky, kx, input, output)];
    }
  }
};

/** Terms of the gradient with respect to the weight: `a` is the input, `b` the output's gradient. */
export const weightGradientTerms: Terms = function* (sizes, element) {
  const g = geometryOf(sizes);
  const [ky, kx, input, output] = split(element, [g.kernel_width, g.inputs, g.outputs]);
  for (let image = 0; image < g.images; image++) {
    for (let y = 0; y < g.out_height; y++) {
      for (let x = 0; x < g.out_width; x++) {
        const [row, column] = [y * g.stride - g.padding + ky, x * g.stride - g.padding + kx];
        if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
        yield [inputAt(g, image, row, column, input), outputAt(g, image, y, x, output)];
      }
    }
  }
};

type Geometry = Record<
  | "height"
  | "width"
  | "inputs"
  | "out_height"
  | "out_width"
  | "outputs"
  | "kernel_height"
  | "kernel_width"
  | "images"
  | "stride"
  | "padding",
  number
>;

function geometryOf(sizes: Sizes): Geometry {
  return sizes as Geometry;
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

function* window(g: Geometry): Generator<readonly [ky: number, kx: number]> {
  for (let ky = 0; ky < g.kernel_height; ky++) {
    for (let kx = 0; kx < g.kernel_width; kx++) yield [ky, kx];
  }
}

function isPlace(at: number, extent: number): boolean {
  return Number.isInteger(at) && at >= 0 && at < extent;
}

function inputAt(g: Geometry, image: number, y: number, x: number, channel: number): number {
  return ((image * g.height + y) * g.width + x) * g.inputs + channel;
}

function outputAt(g: Geometry, image: number, y: number, x: number, channel: number): number {
  return ((image * g.out_height + y) * g.out_width + x) * g.outputs + channel;
}

function weightAt(g: Geometry, ky: number, kx: number, input: number, output: number): number {
  return ((ky * g.kernel_width + kx) * g.inputs + input) * g.outputs + output;
}
