import type { FloatReader } from "../../kernel/images/float_reader.ts";
import type { ConvolutionGeometry } from "./geometry.ts";
import { isAligned } from "./problem.ts";

/**
 * Terms from which on a sum is worth being one of its own: it halves the rounding errors of a convolution over 128
 * channels, and with shorter sums a step of training took 3 to 4 % longer on llvmpipe.
 */
export const LONG_RUN = 512;

/** Four output channels of the right operand from an element on. */
export function fourOutputs(at: string, { outputs }: ConvolutionGeometry, { load }: FloatReader): string {
  if (isAligned(outputs)) return load(`${at} >> 2u`);
  return `vec4f(${[0, 1, 2, 3].map((i) => load(`${at} + ${i}u`)).join(", ")})`;
}
