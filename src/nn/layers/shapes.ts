import { type Tensor, upsampleNearest } from "../../gpu/mod.ts";
import { checkShape, type Shape } from "../../gpu/tensor/shape.ts";
import { Module } from "../module.ts";

/** Gives each sample of the batch another shape. */
export class Reshape extends Module {
  #shape: Shape;

  /**
   * To `[batch, ...shape]`.
   *
   * @throws {RangeError} if an extent is not a whole number of at least 1.
   */
  constructor(shape: Shape) {
    super();
    // The product of two negative extents would fit.
    checkShape(shape);
    this.#shape = shape;
  }

  /** `[batch, ...shape]`. */
  override forward(x: Tensor): Tensor {
    return x.reshape([x.shape[0]!, ...this.#shape]);
  }
}

/** Repeats every pixel `scale` times in both directions, as `torch.nn.Upsample(mode="nearest")`. */
export class UpsampleNearest extends Module {
  /** Copies of a pixel in either direction. */
  readonly scale: number;

  /** With a whole number as scale. */
  constructor(scale = 2) {
    super();
    this.scale = scale;
  }

  /** `[batch, scale * height, scale * width, channels]`. */
  override forward(x: Tensor): Tensor {
    return upsampleNearest(x, this.scale);
  }
}
