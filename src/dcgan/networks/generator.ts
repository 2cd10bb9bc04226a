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
import { type Architecture, doublingsOf, generatorMaps } from "./architecture.ts";

/** The paper, section 4: all weights start as N(0, 0.02). */
export const WEIGHT_START: Initializer = normal(0, 0.02);
/** The authors' code: gains of batch norms start as N(1, 0.02). */
export const GAIN_START: Initializer = normal(1, 0.02);
/** Length of the vector of a class. */
const CLASS_VECTOR = 50;

/** Transposed convolutions that double maps, by their kernel. */
const STRIDED = {
  4: { kernel: 4, stride: 2, padding: 1 },
  5: { kernel: 5, stride: 2, padding: 2, outputPadding: 1 },
} as const;

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
  const { firstLayer } = architecture;
  const layers = [first(architecture), ...doublings(architecture), ...last(architecture)];
  const named = firstLayer === "transposed" ? { main: new Sequential(layers) } : nameLayers(layers);
  const { classes, classVector = CLASS_VECTOR } = architecture;
  return classes ? new WithClasses(named, classes.length, classVector) : new Sequential(named);
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

/** Numbers that the first layer takes for each sample. */
function inputsOf({ latent, classes, classVector = CLASS_VECTOR }: Architecture): number {
  return classes ? latent + classVector : latent;
}

/** Whether a layer has a bias, counted from the first. */
function hasBias({ biases, gNorm }: Architecture, position: number, usual = gNorm === "none"): boolean {
  return biases?.[position] ?? usual;
}

/** Initial weights of a layer that adds up `terms` inputs for each output, behind a ReLU or not. */
function weightOf({ gNorm }: Architecture, terms: number, behindRelu = true): Initializer {
  // A ReLU lets half of the variance through
  return gNorm === "none" ? normal(0, Math.sqrt((behindRelu ? 2 : 1) / terms)) : WEIGHT_START;
}

function first(architecture: Architecture): Module {
  const { firstLayer } = architecture;
  const latent = inputsOf(architecture);
  const { base: { width, height } } = doublingsOf(architecture);
  const channels = generatorMaps(architecture)[0]!;
  const bias = hasBias(architecture, 0);
  const weight = weightOf(architecture, latent, false);
  if (firstLayer === "transposed") {
    return new FromLatent(latent, channels, { kernel: [height, width], bias, weight });
  }
  return new Linear(latent, { height, width, channels }, { bias, weight });
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

/** Norm and ReLU of the first layer, then doublings with their own, down to `ngf` maps. */
function doublings(architecture: Architecture): Module[] {
  const maps = generatorMaps(architecture);
  return maps.flatMap((channels, position) => [
    ...(position === 0 ? [] : doubling(architecture, maps[position - 1]!, channels, position)),
    ...activated(architecture, channels),
  ]);
}

/** What follows a hidden layer. */
function activated({ gNorm }: Architecture, channels: number): Module[] {
  return gNorm === "none" ? [new Relu()] : [new BatchNorm2d(channels, { weight: GAIN_START }), new Relu()];
}

function doubling(architecture: Architecture, inputs: number, outputs: number, position: number): Module[] {
  const bias = hasBias(architecture, position);
  if (architecture.upsampling === "transposed") {
    const { kernel = 4 } = architecture;
    // Of 4x4 taps, 2x2 meet each pixel, and of 5x5 a quarter on average
    const weight = weightOf(architecture, inputs * (kernel / 2) ** 2);
    return [new ConvTranspose2d(inputs, outputs, { ...STRIDED[kernel], bias, weight })];
  }
  const weight = weightOf(architecture, inputs * 3 * 3);
  return [new UpsampleNearest(2), new Conv2d(inputs, outputs, { kernel: 3, padding: 1, bias, weight })];
}

function last(architecture: Architecture): Module[] {
  const { ngf, channels, upsampling } = architecture;
  const { count } = doublingsOf(architecture);
  if (upsampling === "transposed") return [...doubling(architecture, ngf, channels, count), new Tanh()];
  const bias = hasBias(architecture, count + 1, true);
  const weight = weightOf(architecture, ngf * 3 * 3);
  return [new Conv2d(ngf, channels, { kernel: 3, padding: 1, bias, weight }), new Tanh()];
}

/**
 * Names by what layers do, numbered: the dense layer `project`, batch norms from `bn0`, convolutions from
 * `conv1`.
 */
function nameLayers(layers: readonly Module[]): Record<string, Module> {
  const named: Record<string, Module> = {};
  let norms = 0;
  let convolutions = 1;
  for (const [position, layer] of layers.entries()) {
    if (layer instanceof Linear) named.project = layer;
    else if (layer instanceof BatchNorm2d) named[`bn${norms++}`] = layer;
    else if (layer instanceof Conv2d || layer instanceof ConvTranspose2d) {
      named[`conv${convolutions++}`] = layer;
    } else named[`layer${position}`] = layer;
  }
  return named;
}
