import type { Tensor } from "../../gpu/mod.ts";
import { formatShape, sameShape } from "../../gpu/tensor/shape.ts";
import type { GradientScaling } from "../gradient_scaling.ts";
import type { RowPart } from "../weights/row_slices.ts";

/**
 * All parameters of a network in one row, and their gradients in another of the same length. Elements between the
 * parameters are padding: zeros in both, which every optimizer leaves as zeros.
 */
export interface FlatParameters {
  /** What is trained, `[length]`. */
  readonly values: Tensor;
  /** The gradient of each value, `[length]`, a tensor of its own. */
  readonly gradients: Tensor;
  /**
   * Scale of the gradients, which optimizers undo. A power of two loses nothing.
   *
   * @default {1}
   */
  readonly gradientScale?: number;
  /** The parts of the row that are trained, if others are frozen: optimizers leave these alone. */
  readonly trained?: readonly RowPart[] | undefined;
  /** Scale of the gradients, if it changes from step to step: an f16 network has it instead of a fixed scale. */
  readonly gradientScaling?: GradientScaling | undefined;
}

/**
 * Improves parameters from their gradients. All of its state lives on the GPU, so that a recorded step stays correct.
 */
export interface Optimizer extends Disposable {
  /** Updates the parameters once. Runs at once, or becomes part of the program that is being recorded. */
  step(): void;
  /**
   * Updates the parameters once, and gives the norm of the gradients of those that are trained, f32 `[]`: that of
   * {@linkcode gradientNorm}, but taken while the update reads them, which saves two launches and a pass over all
   * gradients. Optional: a training step uses `gradientNorm()` if it is missing.
   */
  stepWithNorm?(): Tensor;
  /** Changes the learning rate from the next step on, also of programs that were recorded before. */
  setLearningRate(learningRate: number): void;
  /**
   * Its state from step to step, by PyTorch's names if PyTorch has them. Writing back what was read here
   * continues exactly.
   */
  state(): Readonly<Record<string, Tensor>>;
  /**
   * u32 `[1]`: 0 until a gradient (1), something remembered (2) or a parameter (4) became NaN or infinite; then the sum
   * of these, for good.
   */
  readonly faults?: Tensor;
  /** Frees its state. Parameters and gradients are left alone. */
  [Symbol.dispose](): void;
}

/**
 * Throws unless values and gradients are rows of 32-bit floats of one length, with a scale that can be undone.
 *
 * @throws {TypeError} if an element type is another.
 * @throws {RangeError} if shapes are no rows, or differ, or if the scale is not above 0.
 */
export function checkFlatParameters({ values, gradients, gradientScale = 1 }: FlatParameters): void {
  if (values.dtype !== "f32" || gradients.dtype !== "f32") {
    throw new TypeError(
      `An optimizer needs f32 tensors, found values of ${values.dtype} and gradients of ${gradients.dtype}`,
    );
  }
  if (values.rank !== 1 || !sameShape(values.shape, gradients.shape)) {
    throw new RangeError(
      `An optimizer needs values and gradients of one shape [length], found values of shape ${
        formatShape(values.shape)
      } ` +
        `and gradients of shape ${formatShape(gradients.shape)}`,
    );
  }
  checkOption("gradientScale", gradientScale, { positive: true });
}

/** Kernels may treat smaller floats as 0. */
const SMALLEST_FLOAT = 2 ** -126;

/** What a kernel makes of a number. */
function asFloat(value: number): number {
  return Math.abs(value) < SMALLEST_FLOAT ? 0 : Math.fround(value);
}

/** Which values of an option are allowed: those from 0 on and below `high`, without 0 if it is `positive`. */
export interface Range {
  readonly high?: number;
  readonly positive?: boolean;
}

/**
 * Throws unless a value is in a range, also as kernels see it: for them 1e-50 is 0, and 1e39 infinite.
 *
 * @throws {RangeError} naming the option.
 */
export function checkOption(
  name: string,
  value: number,
  { high = Infinity, positive = false }: Range = {},
): void {
  const seen = asFloat(value);
  if (value >= 0 && value < high && seen !== Infinity && !(positive && seen === 0)) return;
  const lower = positive ? "above 0" : "at least 0";
  const upper = high === Infinity ? "finite" : `below ${high}`;
  const lost = value !== seen && (seen === 0 || seen === Infinity) ? `, as a 32-bit float ${seen}` : "";
  throw new RangeError(`Optimizer option '${name}' must be ${lower} and ${upper}, found ${value}${lost}`);
}
