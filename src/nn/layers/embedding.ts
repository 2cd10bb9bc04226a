import { embedding, expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkShape } from "../../gpu/tensor/shape.ts";
import { type ForwardContext, Parameter } from "../module.ts";
import { normal } from "../weights/initializers.ts";
import { sameLayout } from "../weights/layout.ts";
import { WeightedLayer, type WeightedLayerOptions } from "./weighted_layer.ts";

/** Options of {@linkcode Embedding}. */
export type EmbeddingLayerOptions = WeightedLayerOptions;

/**
 * A vector to learn for each of `count` things, such as classes, as `torch.nn.Embedding`: from their numbers, u32
 * `[batch]`, to `[batch, length]`. A number from `count` on gives NaN. Vectors start from N(0, 1), and a spectral norm is
 * that of the matrix of all of them.
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
export class Embedding extends WeightedLayer {
  /**
   * Of `count` vectors of a length.
   *
   * @throws {RangeError} if one of both is not a whole number of at least 1, or one of a spectral norm is out of range.
   * @throws {TypeError} if there is no such option.
   */
  constructor(count: number, length: number, options: EmbeddingLayerOptions = {}) {
    expectKnownOptions("Embedding", options, { weight: true, spectralNorm: true });
    const { weight = normal(0, 1), spectralNorm } = options;
    const shape = [count, length];
    checkShape(shape);
    super({
      weight: new Parameter(shape, sameLayout(shape), weight),
      spectralNorm,
      axes: { axis: 0, rows: sameLayout([count]), columns: sameLayout([length]) },
    });
  }

  /** The vectors of these numbers, in the precision of the pass. */
  override forward(index: Tensor, context: ForwardContext): Tensor {
    return embedding(this.operand(context), index, { dtype: context.precision ?? "f32" });
  }
}
