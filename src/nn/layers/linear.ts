import { type FloatType, linear, type Tensor } from "../../gpu/mod.ts";
import { sizeOf } from "../../gpu/shape.ts";
import { fanInUniform, type Initializer } from "../initializers.ts";
import { type BorderLayout, sameLayout } from "../layout.ts";
import { type ForwardContext, Module, Parameter } from "../module.ts";

/** A picture that a linear layer takes apart or puts together: its features are pixels in our order. */
export interface PictureFeatures {
  /** Height. */
  readonly height: number;
  /** Width. */
  readonly width: number;
  /** Channels. */
  readonly channels: number;
}

/** Options of {@linkcode Linear}. */
export interface LinearLayerOptions {
  /**
   * Whether a bias is added.
   *
   * @default {true}
   */
  bias?: boolean;
  /** What the weight starts as. PyTorch's default where not given. */
  weight?: Initializer;
  /** What the output is stored as: the precision of the pass where not given. Logits want f32. */
  output?: FloatType;
}

/**
 * `y = x Wᵀ + b`, as `torch.nn.Linear`. Features are a number, or the pixels of a picture: then `x` may be the picture
 * itself, and `y` is one. PyTorch keeps channels before pixels; the weight is permuted at the border.
 */
export class Linear extends Module {
  #inputs: number;
  #outputs: number | PictureFeatures;
  #weight: Parameter;
  #bias: Parameter | undefined;
  #output: FloatType | undefined;

  /** From `inputs` features to `outputs`. */
  constructor(
    inputs: number | PictureFeatures,
    outputs: number | PictureFeatures,
    { bias = true, weight, output }: LinearLayerOptions = {},
  ) {
    super();
    this.#inputs = count(inputs);
    this.#outputs = outputs;
    this.#output = output;
    const start = fanInUniform(this.#inputs);
    const rows = count(outputs);
    const layout = linearLayout(inputs, outputs);
    this.#weight = new Parameter([rows, this.#inputs], layout, weight ?? start, "operand");
    if (bias) {
      const side = features(outputs, 0);
      const biasLayout = { shape: [rows], view: side.view, permutation: side.permutation };
      this.#bias = new Parameter(
        [rows],
        typeof outputs === "number" ? sameLayout([rows]) : biasLayout,
        start,
      );
    }
  }

  /** `weight`, and `bias` if there is one. */
  override parameters(): Record<string, Parameter> {
    return { weight: this.#weight, ...(this.#bias ? { bias: this.#bias } : {}) };
  }

  /** `[batch, outputs]`, or `[batch, height, width, channels]`. */
  override forward(x: Tensor, { precision }: ForwardContext): Tensor {
    const batch = x.size / this.#inputs;
    const rows = x.reshape([batch, this.#inputs]);
    const weight = this.#weight.operand(precision);
    const y = linear(rows, weight, this.#bias?.tensor, this.#output ?? precision);
    const outputs = this.#outputs;
    return typeof outputs === "number"
      ? y
      : y.reshape([batch, outputs.height, outputs.width, outputs.channels]);
  }
}

function count(features: number | PictureFeatures): number {
  return typeof features === "number" ? features : features.height * features.width * features.channels;
}

/** The axes of features in PyTorch's order, and which of them, counted from `first`, make our order. */
function features(of: number | PictureFeatures, first: number): { view: number[]; permutation: number[] } {
  if (typeof of === "number") return { view: [of], permutation: [first] };
  return { view: [of.channels, of.height, of.width], permutation: [first + 1, first + 2, first] };
}

function linearLayout(inputs: number | PictureFeatures, outputs: number | PictureFeatures): BorderLayout {
  const rows = features(outputs, 0);
  const columns = features(inputs, rows.view.length);
  return {
    shape: [sizeOf(rows.view), sizeOf(columns.view)],
    view: [...rows.view, ...columns.view],
    permutation: [...rows.permutation, ...columns.permutation],
  };
}
