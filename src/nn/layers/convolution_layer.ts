import {
  directions,
  type EpilogueActivation,
  type FloatType,
  type PerDirection,
  type Tensor,
} from "../../gpu/mod.ts";
import { fanInUniform } from "../weights/initializers.ts";
import type { Shape } from "../../gpu/tensor/shape.ts";
import { type BorderLayout, sameLayout } from "../weights/layout.ts";
import { type ForwardContext, Parameter } from "../module.ts";
import { WeightedLayer, type WeightedLayerOptions } from "./weighted_layer.ts";

/** Options of {@linkcode Conv2d}. */
export interface ConvolutionLayerOptions extends WeightedLayerOptions {
  /** Height and width of the kernel: a number, or `[height, width]`. */
  kernel: PerDirection;
  /**
   * Step of the window; for a transposed convolution, pixels of the output for one of the input. A number, or
   * `[vertical, horizontal]`, as of all steps.
   *
   * @default {1}
   */
  stride?: PerDirection;
  /**
   * Zeros around the input; for a transposed convolution, rows and columns cut off around the output.
   *
   * @default {0}
   */
  padding?: PerDirection;
  /**
   * From one element of the kernel to the next, in pixels.
   *
   * @default {1}
   */
  dilation?: PerDirection;
  /**
   * Equal parts of the channels, in order: each part of the output sees only its part of the input. It must divide both
   * numbers of channels. Groups are convolved one after another, four launches each.
   *
   * @default {1}
   */
  groups?: number;
  /**
   * Whether a bias is added to each output channel.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Element type of the output: the precision of the pass if not given. Use f32 for logits. */
  output?: FloatType;
}

/** How PyTorch keeps both kinds of weight, `[first, second, height, width]`: in the opposite order of ours. */
export function convolutionLayout(shape: Shape): BorderLayout {
  return { shape, view: shape, permutation: [2, 3, 1, 0] };
}

/** Axis of our weights with the outputs. */
const OUTPUTS = { conv2d: 3, convTranspose2d: 2 } as const;

/** What both kinds of convolution have in common. */
export abstract class ConvolutionLayer<O extends ConvolutionLayerOptions> extends WeightedLayer {
  /** The output for an input; with `activation`, that applied to it in the same kernel. */
  abstract override forward(x: Tensor, context: ForwardContext, activation?: EpilogueActivation): Tensor;

  /** As given. */
  readonly options: O;

  /**
   * For a number of channels.
   *
   * @throws {TypeError | RangeError} if there is no such option of a spectral norm, or it is out of range, or if the groups do
   * not divide the channels.
   */
  constructor(inputs: number, outputs: number, kind: keyof typeof OUTPUTS, options: O) {
    // The axes of PyTorch's weight before the kernel
    const { groups = 1, bias = true, spectralNorm } = options;
    checkGroups(kind, inputs, outputs, groups);
    const [first, second] = kind === "conv2d" ? [outputs, inputs / groups] : [inputs, outputs / groups];
    const [height, width] = directions(options.kernel);
    // PyTorch counts the second axis as the fan-in of both kinds.
    const start = fanInUniform(second * height * width);
    const layout = convolutionLayout([first, second, height, width]);
    // As a matrix for a spectral norm: rows are outputs, in a transposed convolution those of a group
    const [rows, across] = kind === "conv2d" ? [first, second] : [second, first];
    const columns = {
      shape: [across * height * width],
      view: [across, height, width],
      permutation: [1, 2, 0],
    };
    super({
      weight: new Parameter([height, width, second, first], layout, options.weight ?? start, "operand"),
      bias: bias ? new Parameter([outputs], sameLayout([outputs]), start) : undefined,
      spectralNorm,
      axes: { axis: OUTPUTS[kind], rows: sameLayout([rows]), columns },
    });
    this.options = options;
  }
}

/** Throws before a weight has a shape that is none. */
function checkGroups(kind: keyof typeof OUTPUTS, inputs: number, outputs: number, groups: number): void {
  if (Number.isInteger(groups) && groups >= 1 && inputs % groups === 0 && outputs % groups === 0) return;
  throw new RangeError(
    `Cannot create a ${kind} layer: the groups must be a whole number that divides both numbers of channels, ${inputs} and ` +
      `${outputs}, found ${groups}`,
  );
}
