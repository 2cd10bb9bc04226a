/**
 * Stochastic gradient descent.
 *
 * @module
 */
import { printAsText } from "../../gpu/tensor/print_as_text.ts";
import { expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkFlatParameters, checkOption, type FlatParameters, type Optimizer } from "./optimizer.ts";
import { RowUpdate } from "./row_update.ts";

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

/** The update with or without momentum. PyTorch's first step, `buf = g`, is what a buffer of zeros gives. */
function updateText(momentum: boolean, nesterov: boolean): string {
  const direction = momentum
    ? `  let new_directions = params.momentum * old_directions + gradient;
  let direction = new_directions;`
    : "  let direction = gradient;";
  const way = nesterov ? "(gradient + params.momentum * direction)" : "direction";
  return `${direction}
  let result = value - learning_rate[0] * ${way};`;
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD` without dampening:
 *
 * ```text
 * g = gradient + weightDecay * p
 * d = momentum * d + g                             (d = g in the first step)
 * p -= learningRate * d                            (nesterov: g + momentum * d)
 * ```
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
export class Sgd implements Optimizer {
  readonly faults: Tensor;
  #parameters: FlatParameters;
  #directions: Tensor | undefined;
  #learningRate: Tensor;
  #update: RowUpdate;

  /**
   * An optimizer of these parameters, with fresh state.
   *
   * @throws {RangeError} if an option is out of its range, or if values and gradients do not fit.
   * @throws {TypeError} if there is no such option.
   */
  constructor(parameters: FlatParameters, options: SgdOptions = {}) {
    expectKnownOptions("Sgd", options, {
      learningRate: true,
      momentum: true,
      weightDecay: true,
      nesterov: true,
    });
    const { learningRate = 1e-3, momentum = 0, weightDecay = 0, nesterov = false } = options;
    checkFlatParameters(parameters);
    checkOption("learningRate", learningRate);
    checkOption("momentum", momentum, { exclusive: nesterov });
    checkOption("weightDecay", weightDecay);
    const { device, shape } = parameters.values;
    this.#parameters = parameters;
    this.#directions = momentum > 0 ? device.state(shape) : undefined;
    this.#learningRate = device.state([1]);
    this.#learningRate.set([learningRate]);
    this.faults = device.state([1], "u32");
    this.#update = new RowUpdate(parameters, this.faults, {
      label: "sgd update",
      rows: { ...(this.#directions ? { directions: this.#directions } : {}) },
      watched: [],
      small: { learning_rate: this.#learningRate },
      uniforms: { weight_decay: weightDecay, momentum },
      text: updateText(momentum > 0, nesterov),
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

  /** `learning_rate` (`[1]`) and, with momentum, `momentum_buffer` (`[length]`). */
  state(): Readonly<Record<string, Tensor>> {
    return {
      ...(this.#directions ? { momentum_buffer: this.#directions } : {}),
      learning_rate: this.#learningRate,
    };
  }

  /** Frees its state. */
  [Symbol.dispose](): void {
    for (const tensor of [...Object.values(this.state()), this.faults]) tensor.dispose();
  }

  /** What it is, in short: `Sgd of 2723 values on llvmpipe`. */
  toString(): string {
    const { size, device } = this.#parameters.values;
    return `Sgd of ${size} values on ${device.adapter.name}`;
  }
}

printAsText(Sgd);

/** {@linkcode Sgd} on the host, one step for each of `gradients`, for tests. Changes `values`. */
export function sgdReference(
  values: Float64Array,
  gradients: readonly Float64Array[],
  { learningRate = 1e-3, momentum = 0, weightDecay = 0, nesterov = false }: SgdOptions = {},
): void {
  const directions: number[] = [];
  for (const gradient of gradients) {
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]! + weightDecay * values[i]!;
      const known = directions[i];
      const direction = directions[i] = known === undefined ? g : momentum * known + g;
      values[i]! -= learningRate * (nesterov ? g + momentum * direction : direction);
    }
  }
}
