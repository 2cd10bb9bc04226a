import { type ConvolutionGeometry, inputShape } from "../../src/gpu/contraction/sums/geometry.ts";
import { forEachTap } from "../../src/gpu/ops/products/conv2d.ts";

/** `linear()` on the host. */
export function linearReference(
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array | undefined,
  inputs: number,
): Float64Array {
  const outputs = weight.length / inputs;
  return Float64Array.from({ length: x.length / inputs * outputs }, (_, at) => {
    const [row, column] = [Math.floor(at / outputs), at % outputs];
    let sum = bias?.[column] ?? 0;
    for (let k = 0; k < inputs; k++) sum += x[row * inputs + k]! * weight[column * inputs + k]!;
    return sum;
  });
}

/** The gradient of `conv2d()` with respect to its input on the host: the transposed convolution. */
export function convTranspose2dReference(
  gradient: Float64Array,
  weight: Float64Array,
  g: ConvolutionGeometry,
): Float64Array {
  const x = new Float64Array(inputShape(g).reduce((a, b) => a * b));
  forEachTap(g, (input, tap, output) => x[input]! += gradient[output]! * weight[tap]!);
  return x;
}
