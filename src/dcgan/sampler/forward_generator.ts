import {
  batchNormForward,
  concatRowsForward,
  conv2dForward,
  convTranspose2dForward,
  type Device,
  embeddingForward,
  type EpilogueActivation,
  linearForward,
  type Tensor,
  upsampledConv2dForward,
} from "../../gpu/mod.ts";
import { type BorderLayout, convolutionLayout, fromBorder, linearLayout, sameLayout } from "../../nn/mod.ts";
import { type TensorData, vectorLayout } from "../../nn/mod.ts";
import {
  type GeneratorLayer,
  generatorLayers,
  type WeightedGeneratorLayer,
} from "../networks/generator_layers.ts";
import { withoutClasses } from "../networks/network_kinds.ts";
import type { DrawingGenerator, DrawingPass } from "../sampling/generate.ts";
import type { UsableGenerator } from "../sampling/usable_generator.ts";

/** A step from one tensor to the next. It knows its weights. */
type Step = (x: Tensor) => Tensor;

/**
 * A generator that only draws, in f32: the kernels of its layers without anything that gradients, training or 16 bits
 * need, so that a bundle stays small. What it draws is what a `Network` of `createGenerator()` draws, bit for bit.
 */
export class ForwardGenerator implements DrawingGenerator, Disposable {
  /** The device that it is on. */
  readonly values: { readonly device: Device };
  /** Its parameters by PyTorch's names. */
  readonly parameters: DrawingGenerator["parameters"];
  #steps: Step[] = [];
  #vectors: Tensor | undefined;
  #weights: Tensor[] = [];

  /**
   * Puts its weights on a device.
   *
   * @throws {RangeError} if the file lacks a tensor, or one has another shape.
   */
  constructor(device: Device, { tensors, architecture }: UsableGenerator, path: string) {
    this.values = { device };
    this.parameters = new Map([...tensors].map(([name, { shape }]) => [name, { layout: { shape } }]));
    const { layers: named, vectors } = withoutClasses(tensors);
    const take = (name: string, layout: BorderLayout, shape: readonly number[]): Tensor => {
      const found = named.get(name.replace(/^main\./, ""));
      if (`${found?.shape}` !== `${layout.shape}`) {
        throw new RangeError(
          `Cannot sample from ${path}: '${name}' ` +
            (found
              ? `must have shape [${layout.shape.join(", ")}], found [${found.shape.join(", ")}]`
              : "is missing"),
        );
      }
      return this.#keep(fromBorder(numbersOf(found!), layout), shape);
    };
    try {
      if (vectors) this.#vectors = this.#keep(numbersOf(vectors), vectors.shape);
      this.#steps = stepsOf([...generatorLayers(architecture)], take);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** The images for latent vectors. */
  forward(z: Tensor, { inputs: { labels } }: DrawingPass): Tensor {
    const first = this.#vectors && labels ? concatRowsForward(z, embeddingForward(this.#vectors, labels)) : z;
    return this.#steps.reduce((x, step) => step(x), first);
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    for (const weight of this.#weights.splice(0)) weight.dispose();
  }

  #keep(values: Float64Array, shape: readonly number[]): Tensor {
    const tensor = this.values.device.state(shape);
    this.#weights.push(tensor);
    tensor.set(values);
    return tensor;
  }
}

/** Takes a tensor of the file: its name, how PyTorch keeps it, and its shape here. */
type Take = (name: string, layout: BorderLayout, shape: readonly number[]) => Tensor;

/** Layers as steps. An activation goes into the kernel before it, and an upsampling into the convolution behind it. */
function stepsOf(layers: readonly (readonly [string, GeneratorLayer])[], take: Take): Step[] {
  const steps: Step[] = [];
  for (const [position, [name, layer]] of layers.entries()) {
    if (layer.type === "relu" || layer.type === "tanh" || layer.type === "upsample") continue;
    const isUpsampled = layers[position - 1]?.[1].type === "upsample";
    const activation = activationOf(layers[position + 1]?.[1]);
    steps.push(
      layer.type === "norm"
        ? normStep(name, layer.channels, activation, take)
        : weightedStep(name, layer, { activation, isUpsampled }, take),
    );
  }
  return steps;
}

function activationOf(layer: GeneratorLayer | undefined): EpilogueActivation | undefined {
  return layer?.type === "relu" || layer?.type === "tanh" ? { type: layer.type } : undefined;
}

function normStep(
  name: string,
  channels: number,
  activation: EpilogueActivation | undefined,
  take: Take,
): Step {
  const vector = (part: string) => take(`${name}.${part}`, sameLayout([channels]), [channels]);
  const [weight, bias] = [vector("weight"), vector("bias")];
  const running = { runningMean: vector("running_mean"), runningVariance: vector("running_var") };
  const fused = activation?.type === "tanh" ? undefined : activation;
  return (x) => batchNormForward(x, weight, bias, { ...running, ...(fused ? { activation: fused } : {}) });
}

function weightedStep(
  name: string,
  layer: WeightedGeneratorLayer,
  { activation, isUpsampled }: { activation: EpilogueActivation | undefined; isUpsampled: boolean },
  take: Take,
): Step {
  const { inputs, outputs } = layer;
  const biasOf = (layout: BorderLayout) =>
    layer.bias ? take(`${name}.bias`, layout, [layout.shape[0]!]) : undefined;
  if (layer.type === "dense") {
    const { height, width } = layer;
    const maps = { height, width, channels: outputs };
    const weight = take(`${name}.weight`, linearLayout(inputs, maps), [height * width * outputs, inputs]);
    const bias = biasOf(vectorLayout(maps));
    return (x) =>
      linearForward(x, weight, { bias, activation }).reshape([x.shape[0]!, height, width, outputs]);
  }
  const bias = biasOf(sameLayout([outputs]));
  if (layer.type === "conv") {
    const weight = take(
      `${name}.weight`,
      convolutionLayout([outputs, inputs, 3, 3]),
      [3, 3, inputs, outputs],
    );
    const options = { padding: 1, bias, activation };
    return isUpsampled
      ? (x) => upsampledConv2dForward(x, weight, { ...options, scale: 2 })
      : (x) => conv2dForward(x, weight, options);
  }
  const { kernel, stride, padding, outputPadding, fromLatent } = layer;
  const weight = take(
    `${name}.weight`,
    convolutionLayout([inputs, outputs, ...kernel]),
    [...kernel, outputs, inputs],
  );
  const options = { stride, padding, outputPadding, bias, activation };
  return (x) =>
    convTranspose2dForward(fromLatent ? x.reshape([x.shape[0]!, 1, 1, inputs]) : x, weight, options);
}

/** Numbers of any type. Those of 64-bit floats are rounded once, as they are written to the GPU. */
function numbersOf({ data }: TensorData): Float64Array<ArrayBuffer> {
  return Float64Array.from(data as ArrayLike<number>, Number);
}
