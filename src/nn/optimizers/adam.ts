/**
 * Adam, as the DCGAN paper trains with.
 *
 * @module
 */
import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import { defineKernel, type Kernel } from "../../gpu/kernel/kernel.ts";
import { expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkFlatParameters, checkOption, type FlatParameters, type Optimizer } from "./optimizer.ts";
import { RowUpdate, SKIPPED_WGSL } from "./row_update.ts";

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
const advanceKernel = (scaled: boolean): Kernel =>
  defineKernel({
    label: "adam advance",
    bindings: {
      corrections: ["update", "array<f32>"],
      steps: ["update", "array<u32>"],
      ...(scaled ? { scaling: ["read", "array<f32>"] as const } : {}),
    },
    uniforms: { fresh1: "f32", fresh2: "f32" },
    workgroup: 1,
    body: `${scaled ? SKIPPED_WGSL : ""}  corrections[0] += params.fresh1 * (1.0 - corrections[0]);
  corrections[1] += params.fresh2 * (1.0 - corrections[1]);
  steps[0] += 1u;`,
  });

const UPDATE = `  let new_averages = params.beta1 * old_averages + params.fresh1 * gradient;
  let new_squares = params.beta2 * old_squares + params.fresh2 * gradient * gradient;
  let rate = learning_rate[0] / corrections[0];
  let result = value - rate * new_averages / (sqrt(new_squares) / sqrt(corrections[1]) + params.eps);`;

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
export class Adam implements Optimizer {
  readonly faults: Tensor;
  #parameters: FlatParameters;
  #averages: Tensor;
  #squares: Tensor;
  #learningRate: Tensor;
  #corrections: Tensor;
  #steps: Tensor;
  #advance: Kernel;
  #fresh: { fresh1: number; fresh2: number };
  #update: RowUpdate;

  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: AdamOptions = {}) {
    expectKnownOptions("Adam", options, { learningRate: true, betas: true, eps: true, weightDecay: true });
    const { learningRate = 1e-3, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } =
      options;
    checkFlatParameters(parameters);
    checkOption("learningRate", learningRate);
    checkOption("betas[0]", beta1, { high: 1 });
    checkOption("betas[1]", beta2, { high: 1 });
    checkOption("eps", eps, { exclusive: true });
    checkOption("weightDecay", weightDecay);
    const { device, shape } = parameters.values;
    this.#parameters = parameters;
    this.#averages = device.state(shape);
    this.#squares = device.state(shape);
    this.#learningRate = device.state([1]);
    this.#corrections = device.state([2]);
    this.#steps = device.state([1], "u32");
    this.faults = device.state([1], "u32");
    this.#learningRate.set([learningRate]);
    this.#advance = advanceKernel(parameters.gradientScaling !== undefined);
    this.#fresh = { fresh1: 1 - beta1, fresh2: 1 - beta2 };
    this.#update = new RowUpdate(parameters, this.faults, {
      label: "adam update",
      rows: { averages: this.#averages, squares: this.#squares },
      watched: ["squares"],
      small: { learning_rate: this.#learningRate, corrections: this.#corrections },
      uniforms: { beta1, beta2, ...this.#fresh, eps, weight_decay: weightDecay },
      text: UPDATE,
    });
  }

  /** Updates the parameters once. */
  step(): void {
    const { values: { device }, gradients, gradientScaling } = this.#parameters;
    gradientScaling?.judge(gradients);
    device.launch(
      this.#advance,
      {
        corrections: this.#corrections,
        steps: this.#steps,
        ...(gradientScaling ? { scaling: gradientScaling.values } : {}),
      },
      this.#fresh,
      [1, 1, 1],
    );
    this.#update.run();
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

  /** Frees its state. */
  [Symbol.dispose](): void {
    for (const tensor of [...Object.values(this.state()), this.faults]) tensor.dispose();
  }

  /** What it is, in short: `Adam of 2723 values on llvmpipe`. */
  toString(): string {
    const { size, device } = this.#parameters.values;
    return `Adam of ${size} values on ${device.adapter.name}`;
  }
}

printAsText(Adam);

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
