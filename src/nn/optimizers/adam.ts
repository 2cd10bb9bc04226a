import { FlatOptimizer } from "./flat_optimizer.ts";
import type { FlatParameters } from "./optimizer.ts";
import type { Rule } from "./rule.ts";

/** Options of {@linkcode Adam}. */
export interface AdamOptions {
  /**
   * Length of a step. The DCGAN paper uses 0.0002.
   *
   * @default {0.001}
   */
  learningRate?: number;
  /**
   * How much of the averages of the gradient and of its square is kept each step. The DCGAN paper uses 0.5 and 0.999.
   *
   * @default {[0.9, 0.999]}
   */
  betas?: readonly [number, number];
  /**
   * Added to the root of the squared average, so that parameters without a gradient stay where they are.
   *
   * @default {1e-8}
   */
  eps?: number;
  /**
   * This share of each value is added to its gradient (L2).
   *
   * @default {0}
   */
  weightDecay?: number;
}

/**
 * The rule of Adam, and with decoupled weight decay that of AdamW.
 *
 * @internal
 */
export const adamRule = (
  { name, weightDecay, decoupled }: { name: string; weightDecay: number; decoupled: boolean },
): Rule<AdamOptions> => ({
  name,
  defaults: { learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay },
  formula: ({ learningRate, betas: [beta1, beta2], eps, weightDecay }) => ({
    ranges: {
      learningRate: [learningRate],
      "betas[0]": [beta1, { high: 1 }],
      "betas[1]": [beta2, { high: 1 }],
      eps: [eps, { positive: true }],
      weightDecay: [weightDecay],
    },
    rows: { averages: "exp_avg", squares: "exp_avg_sq" },
    watched: ["squares"],
    corrected: [beta1, beta2],
    decoupled,
    uniforms: { beta1, beta2, fresh1: 1 - beta1, fresh2: 1 - beta2, eps, weight_decay: weightDecay },
    wgsl: `  let new_averages = params.beta1 * old_averages + params.fresh1 * gradient;
  let new_squares = params.beta2 * old_squares + params.fresh2 * gradient * gradient;
  let rate = learning_rate[0] / corrections[0];
  let result = value - rate * new_averages / (sqrt(new_squares) / sqrt(corrections[1]) + params.eps);`,
  }),
});

const adam = adamRule({ name: "Adam", weightDecay: 0, decoupled: false });

/**
 * Adam (Kingma and Ba, 2015), as `torch.optim.Adam`:
 *
 * ```text
 * g = gradient + weightDecay * p
 * m = beta1 * m + (1 - beta1) * g
 * v = beta2 * v + (1 - beta2) * g^2
 * p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * ```
 *
 * Its state is `exp_avg` and `exp_avg_sq` (both `[length]`), `step` (`[1]`, u32), `bias_corrections` (`[2]`) and
 * `learning_rate` (`[1]`).
 *
 * A step is two launches, whatever the number of parameters, as long as a kernel can bind all of them at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([1, 2, 3, 4]);
 * const gradients = device.tensor([1, 0, -1, 5]);
 * using adam = new Adam({ values, gradients }, { learningRate: 0.1 });
 * adam.step();
 * assertEquals(Array.from(await values.data(), (value) => Math.round(value * 10) / 10), [0.9, 2, 3.1, 3.9]);
 * ```
 */
export class Adam extends FlatOptimizer<AdamOptions> {
  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: AdamOptions = {}) {
    super(adam, parameters, options);
  }
}
