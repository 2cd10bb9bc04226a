/**
 * RMSprop.
 *
 * @module
 */
import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import { expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkFlatParameters, checkOption, type FlatParameters, type Optimizer } from "./optimizer.ts";
import { RowUpdate } from "./row_update.ts";

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
function updateText(momentum: boolean): string {
  const direction = momentum
    ? `  let new_directions = params.momentum * old_directions + along;
  let direction = new_directions;`
    : "  let direction = along;";
  return `  let new_squares = params.alpha * old_squares + params.fresh * gradient * gradient;
  let along = gradient / (sqrt(new_squares) + params.eps);
${direction}
  let result = value - learning_rate[0] * direction;`;
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
export class RmsProp implements Optimizer {
  readonly faults: Tensor;
  #parameters: FlatParameters;
  #squares: Tensor;
  #directions: Tensor | undefined;
  #learningRate: Tensor;
  #update: RowUpdate;

  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: RmsPropOptions = {}) {
    expectKnownOptions("RmsProp", options, {
      learningRate: true,
      alpha: true,
      eps: true,
      momentum: true,
      weightDecay: true,
    });
    const { learningRate = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options;
    checkFlatParameters(parameters);
    checkOption("learningRate", learningRate);
    checkOption("alpha", alpha, { high: 1 });
    checkOption("eps", eps, { exclusive: true });
    checkOption("momentum", momentum);
    checkOption("weightDecay", weightDecay);
    const { device, shape } = parameters.values;
    this.#parameters = parameters;
    this.#squares = device.state(shape);
    this.#directions = momentum > 0 ? device.state(shape) : undefined;
    this.#learningRate = device.state([1]);
    this.#learningRate.set([learningRate]);
    this.faults = device.state([1], "u32");
    this.#update = new RowUpdate(parameters, this.faults, {
      label: "rmsprop update",
      rows: { squares: this.#squares, ...(this.#directions ? { directions: this.#directions } : {}) },
      watched: ["squares"],
      small: { learning_rate: this.#learningRate },
      uniforms: { alpha, fresh: 1 - alpha, eps, weight_decay: weightDecay, momentum },
      text: updateText(momentum > 0),
    });
  }

  /** Updates the parameters once. */
  step(): void {
    this.#parameters.gradientScaling?.judge(this.#parameters.gradients);
    this.#update.run();
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

  /** Frees its state. */
  [Symbol.dispose](): void {
    for (const tensor of [...Object.values(this.state()), this.faults]) tensor.dispose();
  }

  /** What it is, in short: `RmsProp of 2723 values on llvmpipe`. */
  toString(): string {
    const { size, device } = this.#parameters.values;
    return `RmsProp of ${size} values on ${device.adapter.name}`;
  }
}

printAsText(RmsProp);

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
