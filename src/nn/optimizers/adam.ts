/**
 * Adam, as the DCGAN paper trains with.
 *
 * @module
 */
import { memoryOf } from "../../gpu/float_memory.ts";
import { defineKernel, type Kernel, linearGrid } from "../../gpu/kernel.ts";
import type { Tensor } from "../../gpu/mod.ts";
import {
  checkFlatParameters,
  checkOption,
  type FlatParameters,
  type Optimizer,
  trueGradient,
} from "./optimizer.ts";

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
 * The corrections are `1 - beta^t`, by `c += (1 - beta) * (1 - c)`: in this form, unlike in `beta * c + (1 - beta)`,
 * the rounding of `beta` does not move the limit away from 1.
 */
const advance = defineKernel({
  label: "adam advance",
  bindings: { corrections: ["update", "array<f32>"], steps: ["update", "array<u32>"] },
  uniforms: { fresh1: "f32", fresh2: "f32" },
  workgroup: 1,
  body: `  corrections[0] += params.fresh1 * (1.0 - corrections[0]);
  corrections[1] += params.fresh2 * (1.0 - corrections[1]);
  steps[0] += 1u;`,
});

const updateKernel = (parameters: FlatParameters): Kernel => {
  const { array, load, store } = memoryOf(parameters.values, "vec4f");
  return defineKernel({
    label: "adam update",
    bindings: {
      values: ["update", array],
      gradients: ["read", array],
      averages: ["update", array],
      squares: ["update", array],
      learning_rate: ["read", "array<f32>"],
      corrections: ["read", "array<f32>"],
    },
    uniforms: {
      quads: "u32",
      beta1: "f32",
      beta2: "f32",
      fresh1: "f32",
      fresh2: "f32",
      eps: "f32",
      weight_decay: "f32",
    },
    body: `  if (index >= params.quads) { return; }
  let value = ${load("values[index]")};
  let gradient = ${trueGradient(parameters)} + params.weight_decay * value;
  let average = params.beta1 * ${load("averages[index]")} + params.fresh1 * gradient;
  let square = params.beta2 * ${load("squares[index]")} + params.fresh2 * gradient * gradient;
  averages[index] = ${store("average")};
  squares[index] = ${store("square")};
  let rate = learning_rate[0] / corrections[0];
  values[index] = ${store("value - rate * average / (sqrt(square) / sqrt(corrections[1]) + params.eps)")};`,
  });
};

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
 * A step is two launches, whatever the number of parameters.
 *
 * @example
 * ```ts
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([1, 2, 3, 4]);
 * const gradients = device.tensor([1, 0, -1, 5]);
 * using adam = new Adam({ values, gradients }, { learningRate: 0.1 });
 * adam.step();
 * console.log(await values.data()); // about [0.9, 2, 3.1, 3.9]
 * ```
 */
export class Adam implements Optimizer {
  #parameters: FlatParameters;
  #averages: Tensor;
  #squares: Tensor;
  #learningRate: Tensor;
  #corrections: Tensor;
  #steps: Tensor;
  #update: Kernel;
  #uniforms: Readonly<Record<string, number>>;

  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   */
  constructor(parameters: FlatParameters, options: AdamOptions = {}) {
    const { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } =
      options;
    checkFlatParameters(parameters);
    checkOption("learningRate", learningRate);
    checkOption("betas[0]", beta1, { high: 1 });
    checkOption("betas[1]", beta2, { high: 1 });
    checkOption("eps", eps, { exclusive: true });
    checkOption("weightDecay", weightDecay);
    const { device, shape, size } = parameters.values;
    this.#parameters = parameters;
    this.#averages = device.state(shape);
    this.#squares = device.state(shape);
    this.#learningRate = device.state([1]);
    this.#corrections = device.state([2]);
    this.#steps = device.state([1], "u32");
    this.#learningRate.set([learningRate]);
    this.#update = updateKernel(parameters);
    this.#uniforms = {
      quads: Math.ceil(size / 4),
      beta1,
      beta2,
      fresh1: 1 - beta1,
      fresh2: 1 - beta2,
      eps,
      weight_decay: weightDecay,
    };
  }

  /** Updates the parameters once. */
  step(): void {
    const { values, gradients } = this.#parameters;
    const { device } = values;
    const uniforms = this.#uniforms;
    const corrections = this.#corrections;
    device.launch(advance, { corrections, steps: this.#steps }, uniforms, [1, 1, 1]);
    device.launch(
      this.#update,
      {
        values,
        gradients,
        averages: this.#averages,
        squares: this.#squares,
        learning_rate: this.#learningRate,
        corrections,
      },
      uniforms,
      linearGrid(uniforms.quads!),
    );
  }

  /** Changes the learning rate from the next step on. */
  setLearningRate(learningRate: number): void {
    checkOption("learningRate", learningRate);
    this.#learningRate.set([learningRate]);
  }

  /**
   * `exp_avg` and `exp_avg_sq` (both `[length]`), `step` (`[1]`, u32), `bias_corrections` (`[2]`) and `learning_rate`
   * (`[1]`).
   */
  state(): Readonly<Record<string, Tensor>> {
    return {
      exp_avg: this.#averages,
      exp_avg_sq: this.#squares,
      step: this.#steps,
      bias_corrections: this.#corrections,
      learning_rate: this.#learningRate,
    };
  }

  /** Gives its state back. */
  [Symbol.dispose](): void {
    for (const tensor of Object.values(this.state())) tensor.dispose();
  }
}

/** {@linkcode Adam} on the host, one step for each of `gradients`, for tests. Changes `values`. */
export function adamReference(
  values: Float64Array,
  gradients: readonly Float64Array[],
  { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0 }: AdamOptions =
    {},
): void {
  const m = new Float64Array(values.length);
  const v = new Float64Array(values.length);
  for (const [step, gradient] of gradients.entries()) {
    const t = step + 1;
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]! + weightDecay * values[i]!;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const root = Math.sqrt(v[i]!) / Math.sqrt(1 - beta2 ** t) + eps;
      values[i]! -= learningRate / (1 - beta1 ** t) * m[i]! / root;
    }
  }
}
