import { AdamOptimizer, type AdamOptions, adamRule } from "./adam_optimizer.ts";
import type { FlatParameters } from "./optimizer.ts";

export type { AdamOptions } from "./adam_optimizer.ts";

const adam = /* @__PURE__ */ adamRule({ name: "Adam", weightDecay: 0, decoupled: false });

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
 * A step is two launches, with the norm of its gradients or without, whatever the number of parameters, as long as a kernel
 * can bind all of them at once.
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
export class Adam extends AdamOptimizer<AdamOptions> {
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
