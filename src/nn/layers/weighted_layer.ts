import type { Tensor } from "../../gpu/mod.ts";
import { type ForwardContext, Module, type Parameter, type Statistic } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";
import type { Initializer } from "../weights/initializers.ts";
import {
  type AffineFunctions,
  LayerWeight,
  type SpectralNormLayerOptions,
  type WeightAxes,
} from "./layer_weight.ts";

/** Options of all layers with a weight. */
export interface WeightedLayerOptions {
  /** Initializer of the weight. PyTorch's default if not given. */
  weight?: Initializer;
  /**
   * Whether, and how, each pass divides the weight by an estimate of its spectral norm (Miyato et al. 2018,
   * arXiv:1802.05957), as `torch.nn.utils.spectral_norm`; see `spectralNorm()` of `@x/dcgan/gpu`. In f32 only.
   *
   * @default {false}
   */
  spectralNorm?: boolean | SpectralNormLayerOptions;
}

/** What a {@linkcode WeightedLayer} trains. */
export interface WeightedLayerParts {
  /** The weight. */
  readonly weight: Parameter;
  /** The bias of each output, if there is one. */
  readonly bias?: Parameter | undefined;
  /** The option of the layer. */
  readonly spectralNorm: boolean | SpectralNormLayerOptions | undefined;
  /** What the matrix is whose spectral norm that is. */
  readonly axes: WeightAxes;
}

/**
 * A layer with a weight, which may be divided by its spectral norm, and perhaps a bias: what {@linkcode Linear},
 * {@linkcode Conv2d}, {@linkcode ConvTranspose2d} and {@linkcode Embedding} have in common.
 *
 * @example A layer that scales each feature
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mul, openDevice, type Tensor } from "@x/dcgan/gpu";
 * import { constant, type ForwardContext, Network, Parameter, sameLayout, WeightedLayer } from "@x/dcgan/nn";
 *
 * class Scale extends WeightedLayer {
 *   constructor(features: number, spectralNorm = false) {
 *     const shape = [1, features];
 *     const axes = { axis: 0, rows: sameLayout([1]), columns: sameLayout([features]) };
 *     super({ weight: new Parameter(shape, sameLayout(shape), constant(3)), spectralNorm, axes });
 *   }
 *
 *   override forward(x: Tensor, context: ForwardContext): Tensor {
 *     return mul(x, this.operand(context));
 *   }
 * }
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Scale(1), new Scale(1, true)]);
 * // The second weight is divided by its norm, and so 1
 * assertEquals([...await network.forward(device.tensor([[2]])).data()], [6]);
 * assertEquals([...network.parameters.keys()], ["0.weight", "1.weight_orig"]);
 * ```
 */
export abstract class WeightedLayer extends Module {
  /** The weight as it is trained. */
  protected readonly weight: Parameter;
  /** The bias of each output, if there is one. */
  protected readonly bias: Parameter | undefined;
  #weight: LayerWeight;

  /**
   * Of these parameters.
   *
   * @throws {TypeError} if there is no such option of a spectral norm.
   * @throws {RangeError} if one is out of range.
   */
  constructor({ weight, bias, spectralNorm, axes }: WeightedLayerParts) {
    super();
    this.weight = weight;
    this.bias = bias;
    this.#weight = new LayerWeight(weight, spectralNorm, axes);
  }

  /** `weight`, or `weight_orig` with a spectral norm, and `bias` if there is one. */
  override parameters(): Record<string, Parameter> {
    return { ...this.#weight.parameters(), ...(this.bias ? { bias: this.bias } : {}) };
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

  /** What a pass multiplies with: the weight, or what is left of it once it is divided. */
  operand(context: ForwardContext): Tensor {
    return this.#weight.operand(context);
  }

  /** Itself as a piece of a gradient penalty, by what it does with a weight. */
  protected piece(functions: AffineFunctions): Piece {
    return this.#weight.piece(this.bias, functions);
  }
}
