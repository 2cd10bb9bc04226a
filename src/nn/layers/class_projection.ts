import {
  add,
  cast,
  embedding,
  expectKnownOptions,
  fill,
  gradients,
  leakyRelu,
  linear,
  mul,
  relu,
  sum,
  type Tensor,
} from "../../gpu/mod.ts";
import type { Shape } from "../../gpu/tensor/shape.ts";
import { type ForwardContext, Module, type Parameter } from "../module.ts";
import type { AffineFinish, AffinePiece, Piece } from "../penalties/piece.ts";
import { expectClassLabels } from "./class_labels.ts";
import { Embedding } from "./embedding.ts";
import { Linear } from "./linear.ts";
import { Sequential } from "./sequential.ts";
import type { WeightedLayerOptions } from "./weighted_layer.ts";

/** Options of {@linkcode ClassProjection}, for the last layer and for the vectors of the classes alike. */
export type ClassProjectionOptions = WeightedLayerOptions;

/**
 * A projection discriminator (Miyato and Koyama 2018, arXiv:1802.05637): the logit of a sample and its class. With `h`
 * the sum over all pixels of the maps that its layers give,
 *
 * ```text
 * logit[n] = fc(h[n]) + sum over channels of embed[label[n]] * h[n]
 * ```
 *
 * `fc` is a {@linkcode Linear} layer to one number, and `embed` an {@linkcode Embedding}. The layers keep their names. A
 * pass is given the classes as the input `labels`, u32 `[batch]`. Logits, `[batch, 1]`, are f32 in any precision.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { ClassProjection, Conv2d, LeakyRelu, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const layers = { conv: new Conv2d(3, 8, { kernel: 4, stride: 2, padding: 1 }), activation: new LeakyRelu(0.2) };
 * using critic = new Network(device, new ClassProjection(layers, 8, 10));
 * assertEquals([...critic.parameters.keys()], ["conv.weight", "conv.bias", "fc.weight", "fc.bias", "embed.weight"]);
 * const images = device.tensor(new Float32Array(2 * 16 * 16 * 3), { shape: [2, 16, 16, 3] });
 * const labels = device.tensor([7, 0], { dtype: "u32" });
 * assertEquals(critic.forward(images, { inputs: { labels } }).shape, [2, 1]);
 * ```
 */
export class ClassProjection extends Module {
  #layers: Sequential;
  #fc: Linear;
  #embed: Embedding;

  /**
   * Of maps that these layers make.
   *
   * @param layers Layers that make maps, `[batch, height, width, channels]`, of a sample.
   * @param channels Channels of these maps.
   * @param classes Number of classes.
   * @throws {TypeError} if there is no such option.
   * @throws {RangeError} if a number is not a whole one of at least 1, or one of a spectral norm is out of range.
   */
  constructor(
    layers: Readonly<Record<string, Module>>,
    channels: number,
    classes: number,
    options: ClassProjectionOptions = {},
  ) {
    super();
    expectKnownOptions<ClassProjectionOptions>("ClassProjection", options, {
      weight: true,
      spectralNorm: true,
    });
    this.#layers = new Sequential(layers);
    this.#fc = new Linear(channels, 1, { ...options, output: "f32" });
    this.#embed = new Embedding(classes, channels, options);
  }

  /** The layers, `fc` and `embed`. */
  override children(): Readonly<Record<string, Module>> {
    return { ...this.#layers.children(), fc: this.#fc, embed: this.#embed };
  }

  /** Logits `[batch, 1]`. */
  override forward(x: Tensor, context: ForwardContext): Tensor {
    const labels = expectClassLabels(context, x);
    const maps = this.#layers.forward(x, context);
    const h = sum(maps.dtype === "f32" ? maps : cast(maps, "f32"), { axes: [1, 2] });
    const vectors = this.#embed.forward(labels, { ...context, precision: "f32" });
    return add(this.#fc.forward(h, context), sum(mul(vectors, h), { axes: [1], keepDims: true }));
  }

  /** Those of the layers, and one for the sum over pixels and the logit, which has a weight for each class. */
  override pieces(name: string): readonly Piece[] {
    const { weight_orig, weight = weight_orig!, bias } = this.#fc.parameters();
    const [vectors] = Object.values(this.#embed.parameters());
    return [...this.#layers.pieces(name), {
      type: "pass",
      parameters: [weight, bias!, vectors!],
      begin: (context) => this.#beginHead(context, { weight, bias: bias!, vectors: vectors! }),
    }];
  }

  /** The logit as a linear function of maps. */
  #beginHead(
    context: ForwardContext,
    parameters: Readonly<Record<"weight" | "bias" | "vectors", Parameter>>,
  ): AffinePiece & Disposable {
    const isNormalized = this.#fc.normalizesWeights;
    const weight = this.#fc.operand(context);
    const vectors = this.#embed.operand(context);
    const projected = (h: Tensor) => {
      const taken = embedding(vectors, expectClassLabels(context, h));
      return sum(mul(taken, h), { axes: [1], keepDims: true });
    };
    // Both gradients are those of a term that is linear in the weight: autograd takes them on through its norm
    const gradientOf = (parameter: Parameter, term: (h: Tensor) => Tensor) => ({
      parameter,
      gradient(x: Tensor, gradient: Tensor, into: Tensor) {
        using _ = x.device.scope();
        gradients([term(pooled(x))], [parameter.tensor], { seeds: [gradient], into: [into] });
      },
    });
    return {
      type: "affine",
      weights: [
        gradientOf(parameters.weight, (h) => linear(h, weight)),
        gradientOf(parameters.vectors, projected),
      ],
      bias: parameters.bias,
      apply(x, { bias, activation } = {}) {
        using scope = x.device.scope();
        const h = pooled(x);
        return scope.keep(activated(add(linear(h, weight, bias), projected(h)), activation));
      },
      transposed(gradient, shape) {
        using scope = gradient.device.scope();
        const rows = add(embedding(vectors, expectClassLabels(context, gradient)), weight);
        return scope.keep(overPixels(mul(rows, gradient), shape));
      },
      [Symbol.dispose]() {
        // They are the parameters themselves otherwise
        if (!isNormalized) return;
        weight.dispose();
        vectors.dispose();
      },
    };
  }
}

/** The sum over all pixels, `[batch, channels]`. */
function pooled(maps: Tensor): Tensor {
  return sum(maps, { axes: [1, 2] });
}

/** The same for each pixel. */
function overPixels(rows: Tensor, shape: Shape): Tensor {
  const [batch = 0, channels = 0] = rows.shape;
  return mul(fill(rows.device, shape, 1), rows.reshape([batch, 1, 1, channels])).detach();
}

function activated(x: Tensor, activation: AffineFinish["activation"]): Tensor {
  if (!activation) return x.detach();
  return (activation.type === "relu" ? relu(x) : leakyRelu(x, activation.slope)).detach();
}
