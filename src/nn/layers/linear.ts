import { multiply } from "../../gpu/contraction/multiply.ts";
import { expectKnownOptions, type FloatType, linear, type Tensor } from "../../gpu/mod.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../../gpu/tensor/shape.ts";
import { fanInUniform } from "../weights/initializers.ts";
import { type BorderLayout, sameLayout } from "../weights/layout.ts";
import { type ForwardContext, Parameter } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";
import { WeightedLayer, type WeightedLayerOptions } from "./weighted_layer.ts";

/** A picture that a linear layer flattens or produces: its features are pixels in our order. */
export interface PictureFeatures {
  /** Height. */
  readonly height: number;
  /** Width. */
  readonly width: number;
  /** Channels. */
  readonly channels: number;
}

/** Options of {@linkcode Linear}. */
export interface LinearLayerOptions extends WeightedLayerOptions {
  /**
   * Whether a bias is added.
   *
   * @default {true}
   */
  bias?: boolean;
  /** Element type of the output: the precision of the pass if not given. Use f32 for logits. */
  output?: FloatType;
}

/**
 * `y = x Wᵀ + b`, as `torch.nn.Linear`, from `[batch, inputs]` to `[batch, outputs]`. Features are a number, or the
 * pixels of a picture: then `x` may be the picture itself, `[batch, height, width, channels]`, and `y` is one. PyTorch
 * keeps channels before pixels; the weight is permuted at the border.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Linear, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Linear(100, { height: 4, width: 4, channels: 8 })]);
 * const x = device.tensor(new Float32Array(200), { shape: [2, 100] });
 * assertEquals(network.forward(x).shape, [2, 4, 4, 8]);
 * ```
 */
export class Linear extends WeightedLayer {
  #inputs: number | PictureFeatures;
  #outputs: number | PictureFeatures;
  #output: FloatType | undefined;

  /**
   * From `inputs` features to `outputs`.
   *
   * @throws {TypeError} if there is no such option.
   * @throws {RangeError} if one of a spectral norm is out of range.
   */
  constructor(
    inputs: number | PictureFeatures,
    outputs: number | PictureFeatures,
    options: LinearLayerOptions = {},
  ) {
    expectKnownOptions("Linear", options, { bias: true, weight: true, spectralNorm: true, output: true });
    const { bias = true, spectralNorm } = options;
    const [rows, columns] = [count(outputs), count(inputs)];
    const start = fanInUniform(columns);
    const layout = linearLayout(inputs, outputs);
    super({
      weight: new Parameter([rows, columns], layout, options.weight ?? start, "operand"),
      bias: bias ? new Parameter([rows], vectorLayout(outputs), start) : undefined,
      spectralNorm,
      axes: { axis: 0, rows: vectorLayout(outputs), columns: vectorLayout(inputs) },
    });
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#output = options.output;
  }

  /**
   * `[batch, outputs]`, or `[batch, height, width, channels]`.
   *
   * @throws {RangeError} if a sample of `x`, which is `[batch, ...]`, has another number of features, or is a picture
   * of another shape.
   */
  override forward(x: Tensor, context: ForwardContext): Tensor {
    checkSamples(x, this.#inputs);
    const batch = x.shape[0]!;
    const rows = x.reshape([batch, count(this.#inputs)]);
    const weight = this.operand(context);
    const y = linear(rows, weight, this.bias?.tensor, this.#output ?? context.precision);
    return typeof this.#outputs === "number" ? y : y.reshape(this.#outputShape(batch));
  }

  /** Itself. */
  override pieces(): readonly Piece[] {
    const rowsOf = (x: Tensor, features: number) => x.reshape([x.shape[0]!, features]);
    const piece = this.piece((weight) => ({
      apply: (x, finish) => {
        checkSamples(x, this.#inputs);
        using rows = rowsOf(x, count(this.#inputs));
        const into = x.device.empty(this.#outputShape(x.shape[0]!));
        return multiply(rows, weight(), { transposeB: true, ...finish, into });
      },
      transposed: (gradient, shape) => {
        using rows = rowsOf(gradient, count(this.#outputs));
        return multiply(rows, weight(), { into: gradient.device.empty(shape) });
      },
      weightGradient: (x, gradient, into) => {
        using rows = rowsOf(gradient, count(this.#outputs));
        using columns = rowsOf(x, count(this.#inputs));
        multiply(rows, columns, { transposeA: true, into });
      },
    }));
    return [piece];
  }

  /** Shape of the output for a batch. */
  #outputShape(batch: number): Shape {
    const outputs = this.#outputs;
    return typeof outputs === "number"
      ? [batch, outputs]
      : [batch, outputs.height, outputs.width, outputs.channels];
  }
}

/** A picture with its axes in another order has as many features, and would be mixed up. */
function checkSamples(x: Tensor, inputs: number | PictureFeatures): void {
  const [batch = 0, ...sample] = x.shape;
  const found = `an input of shape ${formatShape(x.shape)}`;
  const expected = count(inputs);
  if (x.size !== batch * expected) {
    const features = x.rank === 0 ? "" : ` with ${sizeOf(sample)} for each sample`;
    throw new RangeError(
      `This linear layer needs [batch, features] with ${expected} features, found ${found}${features}`,
    );
  }
  if (typeof inputs === "number" || sample.length !== 3) return;
  const picture = [inputs.height, inputs.width, inputs.channels];
  if (!sameShape(sample, picture)) {
    throw new RangeError(
      `This linear layer needs images [batch, ${
        picture.join(", ")
      }] (height, width, channels), found ${found}`,
    );
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

/** How PyTorch keeps a number for each feature. */
export function vectorLayout(of: number | PictureFeatures): BorderLayout {
  const shape = [count(of)];
  return typeof of === "number" ? sameLayout(shape) : { shape, ...features(of, 0) };
}

/** How PyTorch keeps the weight of a linear layer, `[outputs, inputs]`. */
export function linearLayout(
  inputs: number | PictureFeatures,
  outputs: number | PictureFeatures,
): BorderLayout {
  const rows = features(outputs, 0);
  const columns = features(inputs, rows.view.length);
  return {
    shape: [sizeOf(rows.view), sizeOf(columns.view)],
    view: [...rows.view, ...columns.view],
    permutation: [...rows.permutation, ...columns.permutation],
  };
}
