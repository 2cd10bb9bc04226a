import { embedding, expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkShape } from "../../gpu/tensor/shape.ts";
import { type ForwardContext, Module, Parameter, type Statistic } from "../module.ts";
import { type Initializer, normal } from "../weights/initializers.ts";
import { sameLayout } from "../weights/layout.ts";
import { LayerWeight, type SpectralNormLayerOptions } from "./layer_weight.ts";

/** Options of {@linkcode Embedding}. */
export interface EmbeddingLayerOptions {
  /** Initializer of the vectors. As in PyTorch, N(0, 1) if not given. */
  weight?: Initializer;
  /**
   * Whether, and how, each pass divides all vectors by an estimate of the spectral norm of their matrix, as
   * `torch.nn.utils.spectral_norm` of an embedding. In f32 only.
   *
   * @default {false}
   */
  spectralNorm?: boolean | SpectralNormLayerOptions;
}

/**
 * A vector to learn for each of `count` things, such as classes, as `torch.nn.Embedding`: from their numbers, u32
 * `[batch]`, to `[batch, length]`. A number from `count` on gives NaN.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Embedding, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Embedding(10, 3)]);
 * const labels = device.tensor([7, 0], { dtype: "u32" });
 * assertEquals(network.forward(labels).shape, [2, 3]);
 * ```
 */
export class Embedding extends Module {
  #weight: LayerWeight;

  /**
   * Of `count` vectors of a length.
   *
   * @throws {RangeError} if one of both is not a whole number of at least 1, or one of a spectral norm is out of range.
   * @throws {TypeError} if there is no such option.
   */
  constructor(count: number, length: number, options: EmbeddingLayerOptions = {}) {
    super();
    expectKnownOptions("Embedding", options, { weight: true, spectralNorm: true });
    const shape = [count, length];
    checkShape(shape);
    const parameter = new Parameter(shape, sameLayout(shape), options.weight ?? normal(0, 1));
    this.#weight = new LayerWeight(parameter, options.spectralNorm, {
      axis: 0,
      rows: sameLayout([count]),
      columns: sameLayout([length]),
    });
  }

  /** `weight`, or `weight_orig` with a spectral norm. */
  override parameters(): Record<string, Parameter> {
    return this.#weight.parameters();
  }

  /** `weight_u` and `weight_v` of a spectral norm. */
  override statistics(): Record<string, Statistic> {
    return this.#weight.statistics();
  }

  /** Whether there is a spectral norm. */
  override get normalizesWeights(): boolean {
    return this.#weight.isNormalized;
  }

  /** Estimates the spectral norm of the first weight. */
  override start(): void {
    this.#weight.start();
  }

  /** The table that a pass takes vectors from. */
  operand(context: ForwardContext): Tensor {
    return this.#weight.operand(context);
  }

  /** The vectors of these numbers, in the precision of the pass. */
  override forward(index: Tensor, context: ForwardContext): Tensor {
    return embedding(this.operand(context), index, { dtype: context.precision ?? "f32" });
  }
}
