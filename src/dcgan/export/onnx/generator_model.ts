import { sidesOf, sizeText } from "../../../pictures/mod.ts";
import { SOFTWARE } from "../software.ts";
import type { LayerSpec, MapShape } from "../layers.ts";
import type { ExportedRun } from "../networks.ts";
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";

/** Names of what a model takes and gives. */
const LATENT = "latent";
const CLASS = "class";
const IMAGE = "image";

/** Name of the extent of the batch. */
const BATCH = "N";

/** Names of small tensors that layers need besides their own. */
const SCALES = "upsampling.scales";

/**
 * A generator as an ONNX model: latent vectors `latent` `[N, latent]`, and with classes their numbers `class`
 * `[N]`, become pictures `image` `[N, channels, height, width]` in [-1, 1]. Batch norms use their running
 * statistics.
 */
export function generatorModel(run: ExportedRun): OnnxModel {
  const { architecture, classes, latentDistribution, origin } = run;
  const { size, channels, latent } = architecture;
  const { width, height } = sidesOf(size);
  const graph = new Graph(run);
  const distribution = latentDistribution === "normal" ? "the standard normal distribution" : "[-1, 1]";
  const inputs: OnnxValue[] = [{
    name: LATENT,
    type: "float",
    shape: [BATCH, latent],
    description: `Latent vectors, drawn from ${distribution}`,
  }];
  if (classes) {
    inputs.push({
      name: CLASS,
      type: "int64",
      shape: [BATCH],
      description: `Number of each image's class, from 0 to ${classes.length - 1}`,
    });
  }
  return {
    name: origin.name,
    description: `Generator of a DCGAN that draws images of ${sizeText(size)} pixels`,
    producer: SOFTWARE,
    metadata: {
      size: sizeText(size),
      channels: `${channels}`,
      latent: `${latent}`,
      latent_distribution: latentDistribution,
      ...(classes ? { classes: JSON.stringify(classes) } : {}),
      ...(origin.step === undefined ? {} : { step: `${origin.step}` }),
      weights: `${origin.weights}`,
    },
    inputs,
    outputs: [{
      name: IMAGE,
      type: "float",
      shape: [BATCH, channels, height, width],
      description: "Images in [-1, 1], channels first",
    }],
    tensors: graph.tensors,
    nodes: graph.nodes,
  };
}

/** The operations of a generator, one after another. */
class Graph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors = new Map<string, OnnxTensor>();
  readonly #run: ExportedRun;
  /** The tensor that the last operation gives. */
  #value = LATENT;

  constructor(run: ExportedRun) {
    this.#run = run;
    const { layers } = run.generator;
    const vectors = layers.find(({ kind }) => kind === "embedding");
    if (vectors) this.#takeClasses(vectors.name);
    for (const layer of layers) this.#add(layer);
    // The last operation gives what the model gives
    this.nodes.push({ ...this.nodes.pop()!, output: IMAGE });
  }

  /** Puts the vector of its class behind each latent vector. */
  #takeClasses(name: string): void {
    this.#push("Gather", name, [this.#tensor(`${name}.weight`), CLASS], { axis: 0 });
    this.#push("Concat", "joined", [LATENT, this.#value], { axis: 1 });
  }

  #add(layer: LayerSpec): void {
    const { kind, name } = layer;
    if (kind === "embedding") return;
    if (kind === "relu") return this.#push("Relu", name, [this.#value]);
    if (kind === "tanh") return this.#push("Tanh", name, [this.#value]);
    if (kind === "batchNorm") {
      const own = ["weight", "bias", "running_mean", "running_var"].map((part) =>
        this.#tensor(`${name}.${part}`)
      );
      return this.#push("BatchNormalization", name, [this.#value, ...own], { epsilon: { float: layer.eps } });
    }
    if (kind === "upsample") return this.#upsample(name, layer.scale);
    if (kind === "leakyRelu") {
      throw new TypeError(`Cannot export the layer '${name}': generators have none of it`);
    }
    const weights = [this.#tensor(`${name}.weight`), ...layer.hasBias ? [this.#tensor(`${name}.bias`)] : []];
    if (kind === "linear") {
      this.#push("Gemm", name, [this.#value, ...weights], { transB: 1 });
      if (layer.maps) this.#reshape(`${name}.maps`, layer.maps);
      return;
    }
    // The first layer takes latent vectors as maps of one pixel
    if (this.nodes.every(({ operator }) => operator === "Gather" || operator === "Concat")) {
      this.#reshape(`${name}.pixels`, [layer.inputs, 1, 1]);
    }
    const { kernel, stride, padding, outputPadding } = layer;
    this.#push(kind === "transposed" ? "ConvTranspose" : "Conv", name, [this.#value, ...weights], {
      kernel_shape: kernel,
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      ...(kind === "transposed" ? { output_padding: [outputPadding, outputPadding] } : {}),
    });
  }

  #reshape(name: string, maps: MapShape): void {
    const shape = `${name}.shape`;
    this.tensors.set(shape, { shape: [4], data: BigInt64Array.from([-1, ...maps], BigInt) });
    this.#push("Reshape", name, [this.#value, shape]);
  }

  /** Each pixel becomes a square of copies. */
  #upsample(name: string, scale: number): void {
    this.tensors.set(SCALES, { shape: [4], data: Float32Array.of(1, 1, scale, scale) });
    this.#push("Resize", name, [this.#value, "", SCALES], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  }

  #push(
    operator: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    const output = `${name}.output`;
    this.nodes.push({ operator, name, inputs, output, attributes });
    this.#value = output;
  }

  /** Takes a tensor of the generator into the file. */
  #tensor(name: string): string {
    const { shape, data } = this.#run.generator.tensors.get(name)!;
    this.tensors.set(name, { shape, data: data as Float32Array<ArrayBuffer> });
    return name;
  }
}
