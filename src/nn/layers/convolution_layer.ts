import type { EpilogueActivation, FloatType, Tensor } from "../../gpu/mod.ts";
import { fanInUniform, type Initializer } from "../weights/initializers.ts";
import { sameLayout } from "../weights/layout.ts";
import { type ForwardContext, Module, Parameter, type Statistic } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";
import { type AffineFunctions, LayerWeight, type SpectralNormLayerOptions } from "./layer_weight.ts";

/** Options of {@linkcode Conv2d}. */
export interface ConvolutionLayerOptions {
  /** Height and width of the kernel: one number if they are the same. */
  kernel: number | readonly [height: number, width: number];
  /**
   * Step of the window; for a transposed convolution, pixels of the output for one of the input.
   *
   * @default {1}
   */
  stride?: number;
  /**
   * Zeros around the input; for a transposed convolution, rows and columns cut off around the output.
   *
   * @default {0}
   */
  padding?: number;
  /**
   * Whether a bias is added to each output channel.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Initializer of the weight. PyTorch's default if not given. */
  weight?: Initializer;
  /**
   * Whether, and how, each pass divides the weight by an estimate of its spectral norm (Miyato et al. 2018,
   * arXiv:1802.05957), as `torch.nn.utils.spectral_norm`; see `spectralNorm()` of `@x/dcgan/gpu`. In f32 only.
   *
   * @default {false}
   */
  spectralNorm?: boolean | SpectralNormLayerOptions;
  /** Element type of the output: the precision of the pass if not given. Use f32 for logits. */
  output?: FloatType;
}

/** PyTorch keeps both kinds of weight with its kernel last, in the opposite order of ours. */
const KERNEL_FIRST = [2, 3, 1, 0];

/** Axis of our weights with the outputs. */
const OUTPUTS = { conv2d: 3, convTranspose2d: 2 } as const;

/** What both kinds of convolution have in common: a weight, and perhaps a bias. */
export abstract class ConvolutionLayer<O extends ConvolutionLayerOptions> extends Module {
  /** The output for an input; with `activation`, that applied to it in the same kernel. */
  abstract override forward(x: Tensor, context: ForwardContext, activation?: EpilogueActivation): Tensor;

  /** The weight as it is trained. */
  protected readonly weight: Parameter;
  /** The bias of each output channel, if there is one. */
  protected readonly bias: Parameter | undefined;
  /** As given. */
  protected readonly options: O;
  #weight: LayerWeight;

  /**
   * For a number of channels.
   *
   * @throws {TypeError | RangeError} if there is no such option of a spectral norm, or it is out of range.
   */
  constructor(inputs: number, outputs: number, kind: keyof typeof OUTPUTS, options: O) {
    super();
    // The axes of PyTorch's weight before the kernel
    const [first, second] = kind === "conv2d" ? [outputs, inputs] : [inputs, outputs];
    const { kernel, bias = true } = options;
    const [height, width] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    // PyTorch counts the second axis as the fan-in of both kinds.
    const start = fanInUniform(second * height * width);
    const border = [first, second, height, width];
    const layout = { shape: border, view: border, permutation: KERNEL_FIRST };
    this.options = options;
    this.weight = new Parameter([height, width, second, first], layout, options.weight ?? start, "operand");
    if (bias) this.bias = new Parameter([outputs], sameLayout([outputs]), start);
    const columns = {
      shape: [inputs * height * width],
      view: [inputs, height, width],
      permutation: [1, 2, 0],
    };
    this.#weight = new LayerWeight(this.weight, options.spectralNorm, {
      axis: OUTPUTS[kind],
      rows: sameLayout([outputs]),
      columns,
    });
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

  /** What a pass multiplies with. */
  protected operand(context: ForwardContext): Tensor {
    return this.#weight.operand(context);
  }

  /** Itself as a piece, by what it does with a weight. */
  protected piece(functions: AffineFunctions): Piece {
    return this.#weight.piece(this.bias, functions);
  }
}
