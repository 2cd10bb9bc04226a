import { AdamOptimizer, type AdamOptions, adamRule } from "./adam_optimizer.ts";
import type { FlatParameters } from "./optimizer.ts";

/** Options of {@linkcode AdamW}. */
export interface AdamWOptions extends Omit<AdamOptions, "weightDecay"> {
  /**
   * This share of each value, times the learning rate, is taken off it in each step.
   *
   * @default {0.01}
   */
  weightDecay?: number;
}

const adamW = /* @__PURE__ */ adamRule({ name: "AdamW", weightDecay: 0.01, decoupled: true });

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101), as `torch.optim.AdamW`: the averages
 * never see the decay, so that it is the same for all parameters, however large their gradients.
 *
 * ```text
 * p -= learningRate * weightDecay * p
 * m = beta1 * m + (1 - beta1) * gradient
 * v = beta2 * v + (1 - beta2) * gradient^2
 * p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * ```
 *
 * Its state and its launches are those of {@linkcode Adam}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { AdamW } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([2, -4]);
 * // Without gradients there is only the decay, by 0.5 * 0.5
 * using adamW = new AdamW({ values, gradients: device.tensor([0, 0]) }, { learningRate: 0.5, weightDecay: 0.5 });
 * adamW.step();
 * assertEquals([...await values.data()], [1.5, -3]);
 * ```
 */
export class AdamW extends AdamOptimizer<AdamWOptions> {
  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: AdamWOptions = {}) {
    super(adamW, parameters, options);
  }
}
