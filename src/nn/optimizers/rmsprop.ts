import { FlatOptimizer } from "./flat_optimizer.ts";
import type { FlatParameters } from "./optimizer.ts";
import { directionOf, type Rule } from "./rule.ts";

/** Options of {@linkcode RmsProp}. */
export interface RmsPropOptions {
  /**
   * Length of a step.
   *
   * @default {0.01}
   */
  learningRate?: number;
  /**
   * How much of the average of the squared gradient is kept each step.
   *
   * @default {0.99}
   */
  alpha?: number;
  /**
   * Added to the root of the squared average, so that parameters without a gradient stay where they are.
   *
   * @default {1e-8}
   */
  eps?: number;
  /**
   * How much of the last direction is kept each step.
   *
   * @default {0}
   */
  momentum?: number;
  /**
   * This share of each value is added to its gradient (L2).
   *
   * @default {0}
   */
  weightDecay?: number;
}

const rmsProp: Rule<RmsPropOptions> = {
  name: "RmsProp",
  defaults: { learningRate: 0.01, alpha: 0.99, eps: 1e-8, momentum: 0, weightDecay: 0 },
  formula: ({ learningRate, alpha, eps, momentum, weightDecay }) => ({
    ranges: {
      learningRate: [learningRate],
      alpha: [alpha, { high: 1 }],
      eps: [eps, { positive: true }],
      momentum: [momentum],
      weightDecay: [weightDecay],
    },
    rows: { squares: "square_avg", ...(momentum > 0 ? { directions: "momentum_buffer" } : {}) },
    watched: ["squares"],
    uniforms: { alpha, fresh: 1 - alpha, eps, weight_decay: weightDecay, momentum },
    wgsl: `  let new_squares = params.alpha * old_squares + params.fresh * gradient * gradient;
  let along = gradient / (sqrt(new_squares) + params.eps);
${directionOf("along", momentum)}
  let result = value - learning_rate * direction;`,
  }),
};

/**
 * RMSprop, as `torch.optim.RMSprop` (not centered):
 *
 * ```text
 * g = gradient + weightDecay * p
 * v = alpha * v + (1 - alpha) * g^2
 * d = momentum * d + g / (sqrt(v) + eps)
 * p -= learningRate * d
 * ```
 *
 * Its state is `square_avg` (`[length]`), with momentum `momentum_buffer` (`[length]`), and `learning_rate` (`[1]`).
 *
 * A step is one launch, whatever the number of parameters, as long as a kernel can bind all of them at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { RmsProp } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([1, 2]);
 * const gradients = device.tensor([4, -2]);
 * using rmsprop = new RmsProp({ values, gradients }, { learningRate: 0.01 });
 * rmsprop.step();
 * assertEquals(Array.from(await values.data(), (value) => Math.round(value * 10) / 10), [0.9, 2.1]);
 * ```
 */
export class RmsProp extends FlatOptimizer<RmsPropOptions> {
  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: RmsPropOptions = {}) {
    super(rmsProp, parameters, options);
  }
}
