import { concat, type EpilogueActivation, type Tensor } from "../../gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  type ConvTransposeLayerOptions,
  Embedding,
  expectClassLabels,
  type ForwardContext,
  type Initializer,
  Linear,
  Module,
  normal,
  Relu,
  Sequential,
  Tanh,
  UpsampleNearest,
} from "../../nn/mod.ts";
import type { Architecture } from "./architecture.ts";
import { classVectorOf, type GeneratorLayer, generatorLayers, WEIGHT_DEVIATION } from "./generator_layers.ts";

/** The paper, section 4: all weights start as N(0, 0.02). */
export const WEIGHT_START: Initializer = normal(0, WEIGHT_DEVIATION);
/** The authors' code: gains of batch norms start as N(1, 0.02). */
export const GAIN_START: Initializer = normal(1, 0.02);

/**
 * The generator: a latent vector becomes small maps, which are doubled until they have the pictures' size.
 * Batch norm and ReLU after every layer but the last, which ends in tanh (the paper, section 3).
 *
 * Takes `[batch, latent]`, gives `[batch, height, width, channels]` in [-1, 1]. With the defaults it is the
 * network of PyTorch's examples/dcgan, and its parameters have the names they have there (`main.0.weight`,
 * ...); with a projection they are named by what they do (`project`, `bn0`, `conv1`, ...).
 *
 * With classes, it is given the class of each sample as `labels`, and takes the latent vector with one that
 * it learns for the class (`embed`) behind it.
 *
 * Without norm (`gNorm: "none"`) there are no batch norms. All layers then have biases, and weights that
 * start so that what passes through a layer and the ReLU before it keeps its scale (He et al. 2015, section
 * 2.2).
 */
export function createGenerator(architecture: Architecture): Module {
  const { firstLayer, classes } = architecture;
  const layers = [...generatorLayers(architecture)].map(([name, layer]) => [name, moduleOf(layer)] as const);
  const named = firstLayer === "transposed"
    ? { main: new Sequential(layers.map(([, module]) => module)) }
    : Object.fromEntries(layers);
  return classes
    ? new WithClasses(named, classes.length, classVectorOf(architecture))
    : new Sequential(named);
}

function moduleOf(layer: GeneratorLayer): Module {
  if (layer.type === "norm") return new BatchNorm2d(layer.channels, { weight: GAIN_START });
  if (layer.type === "relu") return new Relu();
  if (layer.type === "tanh") return new Tanh();
  if (layer.type === "upsample") return new UpsampleNearest(2);
  const { inputs, outputs, bias, deviation } = layer;
  const options = { bias, weight: normal(0, deviation) };
  if (layer.type === "conv") return new Conv2d(inputs, outputs, { ...options, kernel: 3, padding: 1 });
  if (layer.type === "dense") {
    const { height, width } = layer;
    return new Linear(inputs, { height, width, channels: outputs }, options);
  }
  const { kernel, stride, padding, outputPadding } = layer;
  const steps = { ...options, kernel, stride, padding, outputPadding };
  return layer.fromLatent
    ? new FromLatent(inputs, outputs, steps)
    : new ConvTranspose2d(inputs, outputs, steps);
}

/** Layers that take a latent vector with that of a class behind it. */
class WithClasses extends Module {
  #layers: Sequential;
  #embed: Embedding;

  constructor(layers: Readonly<Record<string, Module>>, classes: number, length: number) {
    super();
    this.#layers = new Sequential(layers);
    this.#embed = new Embedding(classes, length);
  }

  override children(): Readonly<Record<string, Module>> {
    return { ...this.#layers.children(), embed: this.#embed };
  }

  override forward(z: Tensor, context: ForwardContext): Tensor {
    const vectors = this.#embed.forward(expectClassLabels(context, z), { ...context, precision: "f32" });
    return this.#layers.forward(concat(z, vectors, { axis: 1 }), context);
  }
}

/**
 * The transposed convolution from 1x1, which takes latent vectors without axes of height and width. It takes
 * a map of them too, `[batch, height, width, latent]`, and gives larger maps then.
 */
class FromLatent extends ConvTranspose2d {
  #latent: number;

  constructor(latent: number, channels: number, options: ConvTransposeLayerOptions) {
    super(latent, channels, options);
    this.#latent = latent;
  }

  override forward(z: Tensor, context: ForwardContext, activation?: EpilogueActivation): Tensor {
    const map = z.shape.length === 4 ? z : z.reshape([z.size / this.#latent, 1, 1, this.#latent]);
    return super.forward(map, context, activation);
  }
}
