import { FlatOptimizer } from "./flat_optimizer.ts";
import type { FlatParameters } from "./optimizer.ts";
import { directionOf, type Rule } from "./rule.ts";

/** Options of {@linkcode Sgd}. */
export interface SgdOptions {
  /**
   * Length of a step.
   *
   * @default {0.001}
   */
  learningRate?: number;
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
  /**
   * Look one step ahead along the kept direction (Nesterov). Needs momentum.
   *
   * @default {false}
   */
  nesterov?: boolean;
}

/** PyTorch's first step, `buf = g`, is what a buffer of zeros gives. */
const sgd: Rule<SgdOptions> = {
  name: "Sgd",
  defaults: { learningRate: 1e-3, momentum: 0, weightDecay: 0, nesterov: false },
  formula: ({ learningRate, momentum, weightDecay, nesterov }) => ({
    ranges: {
      learningRate: [learningRate],
      momentum: [momentum, { positive: nesterov }],
      weightDecay: [weightDecay],
    },
    rows: momentum > 0 ? { directions: "momentum_buffer" } : {},
    watched: [],
    uniforms: { weight_decay: weightDecay, momentum },
    wgsl: `${directionOf("gradient", momentum)}
  let result = value - learning_rate * ${
      nesterov ? "(gradient + params.momentum * direction)" : "direction"
    };`,
  }),
};

/**
 * Stochastic gradient descent, as `torch.optim.SGD` without dampening:
 *
 * ```text
 * g = gradient + weightDecay * p
 * d = momentum * d + g                             (d = g in the first step)
 * p -= learningRate * d                            (nesterov: g + momentum * d)
 * ```
 *
 * Its state is, with momentum, `momentum_buffer` (`[length]`), and `learning_rate` (`[1]`).
 *
 * A step is one launch, whatever the number of parameters, as long as a kernel can bind all of them at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Sgd } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([1, 2]);
 * const gradients = device.tensor([4, -2]);
 * using sgd = new Sgd({ values, gradients }, { learningRate: 0.25 });
 * sgd.step();
 * assertEquals([...await values.data()], [0, 2.5]);
 * ```
 */
export class Sgd extends FlatOptimizer<SgdOptions> {
  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: SgdOptions = {}) {
    super(sgd, parameters, options);
  }
}
