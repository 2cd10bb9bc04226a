import { batchNorm, expectKnownOptions, type FusedActivation, type Tensor } from "../../gpu/mod.ts";
import { constant, type Initializer } from "../weights/initializers.ts";
import { sameLayout } from "../weights/layout.ts";
import { type ForwardContext, Module, Parameter, Statistic } from "../module.ts";

/** Options of {@linkcode BatchNorm2d}. */
export interface BatchNormLayerOptions {
  /**
   * Added to the variance.
   *
   * @default {1e-5}
   */
  eps?: number;
  /**
   * Share of the batch in the updated running statistics.
   *
   * @default {0.1}
   */
  momentum?: number;
  /**
   * Initializer of the gains (`weight`).
   *
   * @default {constant(1)}
   */
  weight?: Initializer;
}

/**
 * Batch normalization over the last axis (Ioffe and Szegedy 2015), as `torch.nn.BatchNorm2d` on `[batch, height, width,
 * channels]` and as `torch.nn.BatchNorm1d` on `[batch, channels]`. The output has the shape of the input. For each
 * channel:
 *
 * ```text
 * y = weight * (x - mean) / sqrt(variance + eps) + bias
 * ```
 *
 * In training `mean` and `variance` are those of the batch, and otherwise the running statistics. In training a channel
 * should have several values: a single one is its own mean, so only the bias is left of it, while PyTorch refuses.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { BatchNorm2d, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new BatchNorm2d(8)]);
 * const x = device.tensor(new Float32Array(256), { shape: [2, 4, 4, 8] });
 * assertEquals(network.forward(x).shape, [2, 4, 4, 8]);
 * ```
 */
export class BatchNorm2d extends Module {
  /** Added to the variance. */
  readonly eps: number;
  #weight: Parameter;
  #bias: Parameter;
  #mean: Statistic;
  #variance: Statistic;
  #tracked = new Statistic([1], "u32", 0);
  #momentum: number;

  /**
   * For a number of channels.
   *
   * @throws {RangeError} if `eps` is below 0, or `momentum` not from 0 to 1.
   * @throws {TypeError} if there is no such option.
   */
  constructor(
    channels: number,
    options: BatchNormLayerOptions = {},
  ) {
    super();
    expectKnownOptions("BatchNorm2d", options, { eps: true, momentum: true, weight: true });
    const { eps = 1e-5, momentum = 0.1, weight = constant(1) } = options;
    checkRange("eps", eps, [0, Number.MAX_VALUE]);
    checkRange("momentum", momentum, [0, 1]);
    this.eps = eps;
    this.#momentum = momentum;
    const layout = sameLayout([channels]);
    this.#weight = new Parameter([channels], layout, weight);
    this.#bias = new Parameter([channels], layout, constant(0));
    this.#mean = new Statistic([channels], "f32", 0);
    this.#variance = new Statistic([channels], "f32", 1);
  }

  /** `weight` and `bias`. */
  override parameters(): Record<string, Parameter> {
    return { weight: this.#weight, bias: this.#bias };
  }

  /** `running_mean`, `running_var` and `num_batches_tracked`. */
  override statistics(): Record<string, Statistic> {
    return { running_mean: this.#mean, running_var: this.#variance, num_batches_tracked: this.#tracked };
  }

  /** The normalized input; with `activation`, that applied to it in the same kernels. */
  override forward(x: Tensor, { training, groups }: ForwardContext, activation?: FusedActivation): Tensor {
    return batchNorm(x, this.#weight.tensor, this.#bias.tensor, {
      training,
      eps: this.eps,
      momentum: this.#momentum,
      runningMean: this.#mean.tensor,
      runningVariance: this.#variance.tensor,
      batchesTracked: this.#tracked.tensor,
      ...(groups === undefined ? {} : { groups }),
      ...(activation ? { activation } : {}),
    });
  }
}

function checkRange(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (value >= low && value <= high) return;
  const allowed = high === Number.MAX_VALUE ? `at least ${low} and finite` : `from ${low} to ${high}`;
  throw new RangeError(`The '${name}' of a batch norm must be ${allowed}, found ${value}`);
}
