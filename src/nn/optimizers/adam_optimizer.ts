import { FlatOptimizer } from "./flat_optimizer.ts";
import { checkOption } from "./optimizer.ts";
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
  formula: ({ learningRate, betas, eps, weightDecay }) => ({
    ranges: {
      learningRate: [learningRate],
      "betas[0]": [betas[0], { high: 1 }],
      "betas[1]": [betas[1], { high: 1 }],
      eps: [eps, { positive: true }],
      weightDecay: [weightDecay],
    },
    rows: { averages: "exp_avg", squares: "exp_avg_sq" },
    watched: ["squares"],
    settings: settingsOf(betas),
    corrected: ["fresh1", "fresh2"],
    decoupled,
    uniforms: { eps, weight_decay: weightDecay },
    once: `  let rate = learning_rate / sum_of_fresh1;
  let root = sqrt(sum_of_fresh2);`,
    wgsl: `  let new_averages = beta1 * old_averages + fresh1 * gradient;
  let new_squares = beta2 * old_squares + fresh2 * gradient * gradient;
  let result = value - rate * new_averages / (sqrt(new_squares) / root + params.eps);`,
  }),
});

function settingsOf([beta1, beta2]: readonly [number, number]) {
  return { beta1, beta2, fresh1: 1 - beta1, fresh2: 1 - beta2 };
}

/** What {@linkcode Adam} and {@linkcode AdamW} share. */
export abstract class AdamOptimizer<Options extends AdamOptions> extends FlatOptimizer<Options> {
  /**
   * Changes the betas from the next step on, also of programs that were recorded before. They are not part of
   * {@linkcode state}. Averages are corrected for all betas so far, `1 - beta(1) * ... * beta(t)`, and not for the power of
   * the latest.
   *
   * @throws {RangeError} if one is not from 0 to below 1.
   */
  setBetas(betas: readonly [number, number]): void {
    for (const [i, beta] of betas.entries()) checkOption(`betas[${i}]`, beta, { high: 1 });
    this.changeSettings(settingsOf(betas));
  }
}
