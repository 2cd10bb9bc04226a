import { type Tensor, upsampleNearest } from "../../gpu/mod.ts";
import { checkShape, type Shape } from "../../gpu/tensor/shape.ts";
import { Module } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";

/**
 * Gives each sample of the batch another shape, as `torch.nn.Unflatten` and `torch.nn.Flatten` do: from `[batch, ...]` to
 * `[batch, ...shape]`, with the same values in the same order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Network, Reshape } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Reshape([4, 4, 8])]);
 * const x = device.tensor(new Float32Array(256), { shape: [2, 128] });
 * assertEquals(network.forward(x).shape, [2, 4, 4, 8]);
 * ```
 */
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

  /** Itself. */
  override pieces(): readonly Piece[] {
    return [{ type: "reshape", shape: this.#shape }];
  }
}

/**
 * Repeats every pixel `scale` times in both directions, as `torch.nn.Upsample(mode="nearest")`, from
 * `[batch, height, width, channels]` to `[batch, scale * height, scale * width, channels]`:
 * `y[n, i, j, c] = x[n, floor(i / scale), floor(j / scale), c]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Network, UpsampleNearest } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new UpsampleNearest(2)]);
 * const x = device.tensor(new Float32Array(96), { shape: [2, 4, 4, 3] });
 * assertEquals(network.forward(x).shape, [2, 8, 8, 3]);
 * ```
 */
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
