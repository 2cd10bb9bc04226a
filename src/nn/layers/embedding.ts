import { embedding, expectKnownOptions, type Tensor } from "../../gpu/mod.ts";
import { checkShape } from "../../gpu/tensor/shape.ts";
import { type ForwardContext, Module, Parameter } from "../module.ts";
import { type Initializer, normal } from "../weights/initializers.ts";
import { sameLayout } from "../weights/layout.ts";

/** Options of {@linkcode Embedding}. */
export interface EmbeddingLayerOptions {
  /** Initializer of the vectors. As in PyTorch, N(0, 1) if not given. */
  weight?: Initializer;
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
  #weight: Parameter;

  /**
   * Of `count` vectors of a length.
   *
   * @throws {RangeError} if one of both is not a whole number of at least 1.
   * @throws {TypeError} if there is no such option.
   */
  constructor(count: number, length: number, options: EmbeddingLayerOptions = {}) {
    super();
    expectKnownOptions("Embedding", options, { weight: true });
    checkShape([count, length]);
    this.#weight = new Parameter(
      [count, length],
      sameLayout([count, length]),
      options.weight ?? normal(0, 1),
    );
  }

  /** `weight`. */
  override parameters(): Record<string, Parameter> {
    return { weight: this.#weight };
  }

  /** The vectors of these numbers, in the precision of the pass. */
  override forward(index: Tensor, { precision = "f32" }: ForwardContext): Tensor {
    return embedding(this.#weight.tensor, index, { dtype: precision });
  }
}
