import type { AdamOptions } from "../../src/nn/optimizers/adam.ts";
import type { AdamWOptions } from "../../src/nn/optimizers/adamw.ts";
import type { RmsPropOptions } from "../../src/nn/optimizers/rmsprop.ts";
import type { SgdOptions } from "../../src/nn/optimizers/sgd.ts";

/** An optimizer on the host, one step for each of `gradients`. Changes `values`. */
export type OptimizerReference<Options> = (
  values: Float64Array,
  gradients: readonly Float64Array[],
  options?: Options,
) => void;

/** A parameter after step `t`, from 1 on, and what is remembered of it: nothing before the first. */
type Update = (value: number, gradient: number, rows: readonly number[], t: number) => [number, ...number[]];

/** `Adam` on the host. */
export const adamReference: OptimizerReference<AdamOptions> = (values, gradients, options = {}) => {
  const { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
  run(values, gradients, weightDecay, (p, g, [m = 0, v = 0], t) => {
    const averages = beta1 * m + (1 - beta1) * g;
    const squares = beta2 * v + (1 - beta2) * g * g;
    const root = Math.sqrt(squares) / Math.sqrt(1 - beta2 ** t) + eps;
    return [p - learningRate / (1 - beta1 ** t) * averages / root, averages, squares];
  });
};

/** `AdamW` on the host. */
export const adamWReference: OptimizerReference<AdamWOptions> = (values, gradients, options = {}) => {
  const { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01 } =
    options;
  run(values, gradients, 0, (p, g, [m = 0, v = 0], t) => {
    const decayed = p * (1 - learningRate * weightDecay);
    const averages = beta1 * m + (1 - beta1) * g;
    const squares = beta2 * v + (1 - beta2) * g * g;
    const root = Math.sqrt(squares) / Math.sqrt(1 - beta2 ** t) + eps;
    return [decayed - learningRate / (1 - beta1 ** t) * averages / root, averages, squares];
  });
};

/** `Sgd` on the host. */
export const sgdReference: OptimizerReference<SgdOptions> = (values, gradients, options = {}) => {
  const { learningRate = 1e-3, momentum = 0, weightDecay = 0, nesterov = false } = options;
  run(values, gradients, weightDecay, (p, g, [d]) => {
    const direction = d === undefined ? g : momentum * d + g;
    return [p - learningRate * (nesterov ? g + momentum * direction : direction), direction];
  });
};

/** `RmsProp` on the host. */
export const rmsPropReference: OptimizerReference<RmsPropOptions> = (values, gradients, options = {}) => {
  const { learningRate = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options;
  run(values, gradients, weightDecay, (p, g, [v = 0, d = 0]) => {
    const squares = alpha * v + (1 - alpha) * g * g;
    const direction = momentum * d + g / (Math.sqrt(squares) + eps);
    return [p - learningRate * direction, squares, direction];
  });
};

function run(
  values: Float64Array,
  gradients: readonly Float64Array[],
  weightDecay: number,
  update: Update,
): void {
  const rows = Array.from(values, (): number[] => []);
  for (const [step, gradient] of gradients.entries()) {
    for (const [i, value] of values.entries()) {
      [values[i], ...rows[i]] = update(value, gradient[i]! + weightDecay * value, rows[i]!, step + 1);
    }
  }
}
