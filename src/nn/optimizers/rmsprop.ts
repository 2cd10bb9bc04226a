/**
 * RMSprop.
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

/** The update with or without momentum. */
function updateKernel(parameters: FlatParameters, momentum: boolean): Kernel {
  const { array, load, store } = memoryOf(parameters.values, "vec4f");
  const remember = `  direction += params.momentum * ${load("directions[index]")};
  directions[index] = ${store("direction")};`;
  return defineKernel({
    label: "rmsprop update",
    bindings: {
      values: ["update", array],
      gradients: ["read", array],
      squares: ["update", array],
      learning_rate: ["read", "array<f32>"],
      ...(momentum ? { directions: ["update", array] as const } : {}),
    },
    uniforms: { quads: "u32", alpha: "f32", fresh: "f32", eps: "f32", weight_decay: "f32", momentum: "f32" },
    body: `  if (index >= params.quads) { return; }
  let value = ${load("values[index]")};
  let gradient = ${trueGradient(parameters)} + params.weight_decay * value;
  let square = params.alpha * ${load("squares[index]")} + params.fresh * gradient * gradient;
  squares[index] = ${store("square")};
  var direction = gradient / (sqrt(square) + params.eps);
${momentum ? remember : ""}
  values[index] = ${store("value - learning_rate[0] * direction")};`,
  });
}

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
 * A step is one launch, whatever the number of parameters.
 *
 * @example
 * ```ts
 * import { openDevice } from "@x/dcgan/gpu";
 * import { RmsProp } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const values = device.tensor([1, 2]);
 * const gradients = device.tensor([4, -2]);
 * using rmsprop = new RmsProp({ values, gradients }, { learningRate: 0.01 });
 * rmsprop.step();
 * console.log(await values.data()); // about [0.9, 2.1]
 * ```
 */
export class RmsProp implements Optimizer {
  #parameters: FlatParameters;
  #squares: Tensor;
  #directions: Tensor | undefined;
  #learningRate: Tensor;
  #kernel: Kernel;
  #uniforms: Readonly<Record<string, number>>;

  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   */
  constructor(parameters: FlatParameters, options: RmsPropOptions = {}) {
    const { learningRate = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options;
    checkFlatParameters(parameters);
    checkOption("learningRate", learningRate);
    checkOption("alpha", alpha, { high: 1 });
    checkOption("eps", eps, { exclusive: true });
    checkOption("momentum", momentum);
    checkOption("weightDecay", weightDecay);
    const { device, shape, size } = parameters.values;
    this.#parameters = parameters;
    this.#squares = device.state(shape);
    this.#directions = momentum > 0 ? device.state(shape) : undefined;
    this.#learningRate = device.state([1]);
    this.#learningRate.set([learningRate]);
    this.#kernel = updateKernel(parameters, momentum > 0);
    this.#uniforms = {
      quads: Math.ceil(size / 4),
      alpha,
      fresh: 1 - alpha,
      eps,
      weight_decay: weightDecay,
      momentum,
    };
  }

  /** Updates the parameters once. */
  step(): void {
    const { values, gradients } = this.#parameters;
    const buffers = {
      values,
      gradients,
      squares: this.#squares,
      learning_rate: this.#learningRate,
      ...(this.#directions ? { directions: this.#directions } : {}),
    };
    values.device.launch(this.#kernel, buffers, this.#uniforms, linearGrid(this.#uniforms.quads!));
  }

  /** Changes the learning rate from the next step on. */
  setLearningRate(learningRate: number): void {
    checkOption("learningRate", learningRate);
    this.#learningRate.set([learningRate]);
  }

  /** `square_avg` (`[length]`), `learning_rate` (`[1]`) and, with momentum, `momentum_buffer` (`[length]`). */
  state(): Readonly<Record<string, Tensor>> {
    return {
      square_avg: this.#squares,
      ...(this.#directions ? { momentum_buffer: this.#directions } : {}),
      learning_rate: this.#learningRate,
    };
  }

  /** Gives its state back. */
  [Symbol.dispose](): void {
    for (const tensor of Object.values(this.state())) tensor.dispose();
  }
}

/** {@linkcode RmsProp} on the host, one step for each of `gradients`, for tests. Changes `values`. */
export function rmsPropReference(
  values: Float64Array,
  gradients: readonly Float64Array[],
  { learningRate = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 }: RmsPropOptions = {},
): void {
  const squares = new Float64Array(values.length);
  const directions = new Float64Array(values.length);
  for (const gradient of gradients) {
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]! + weightDecay * values[i]!;
      squares[i] = alpha * squares[i]! + (1 - alpha) * g * g;
      directions[i] = momentum * directions[i]! + g / (Math.sqrt(squares[i]!) + eps);
      values[i]! -= learningRate * directions[i]!;
    }
  }
}
