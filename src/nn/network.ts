import { type Device, fill, type FloatType, map, mul, type Tensor } from "../gpu/mod.ts";
import { gradients, type GradientsOptions } from "./gradients.ts";
import { initialize } from "./initialize.ts";
import { Sequential } from "./layers/sequential.ts";
import {
  type ForwardContext,
  type Module,
  namedParameters,
  namedStatistics,
  type Parameter,
  type Statistic,
} from "./module.ts";
import type { FlatParameters } from "./optimizers/optimizer.ts";
import { sizeOf } from "../gpu/shape.ts";

/** Parameters begin at multiples of this many elements: 256 bytes, as WebGPU wants of bindings, of each copy. */
const ALIGNMENT = { f32: 64, f16: 128 };

/**
 * How much larger than the true ones the gradients are in a network of f16: moves them up from where floats of 16 bits
 * run out of digits (6e-5) and end (6e-8), with room left to their largest (65504).
 */
export const F16_GRADIENT_SCALE = 1024;

/** Options of {@linkcode Network}. */
export interface NetworkOptions {
  /**
   * Which random numbers its parameters start as. Two networks with one seed and different layers start differently.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Stream of random numbers: networks of one seed take different streams.
   *
   * @default {0}
   */
  stream?: number;
  /**
   * What layers store their outputs and the gradients of these as. With `f16` their contractions multiply with a copy of
   * the weights in 16 bits, made anew by each forward pass; parameters, statistics, sums and gradients of parameters are
   * f32 in either case.
   *
   * @default {"f32"}
   */
  precision?: FloatType;
}

/**
 * Layers with their parameters on a GPU. All parameters are slices of one flat tensor, and so are their gradients: an
 * optimizer updates the whole network in one launch.
 *
 * @example
 * ```ts
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam, bceWithLogits, Conv2d, LeakyRelu, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using critic = new Network(device, [
 *   new Conv2d(3, 8, { kernel: 4, stride: 2, padding: 1 }),
 *   new LeakyRelu(0.2),
 *   new Conv2d(8, 1, { kernel: 4 }),
 * ]);
 * using adam = new Adam(critic, { learningRate: 2e-4, betas: [0.5, 0.999] });
 * using step = device.program({ images: [16, 8, 8, 3] }, ({ images }) => {
 *   const loss = bceWithLogits(critic.forward(images), 1);
 *   critic.backward([loss]);
 *   adam.step();
 *   return { loss };
 * });
 * step.run({ images: new Float32Array(16 * 8 * 8 * 3) });
 * console.log(await step.outputs.loss.item());
 * ```
 */
export class Network implements FlatParameters, Disposable {
  /** All parameters in a row, `[length]`; between them lie zeros. */
  readonly values: Tensor;
  /** Their gradients, in the same places, {@linkcode gradientScale} times as large as they are. */
  readonly gradients: Tensor;
  /** What the gradients were multiplied with: 1, or {@linkcode F16_GRADIENT_SCALE} in a network of f16. */
  readonly gradientScale: number;
  /** What layers store their outputs as. */
  readonly precision: FloatType;
  /** Parameters by PyTorch's names, in order. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Statistics by PyTorch's names, in order. */
  readonly statistics: ReadonlyMap<string, Statistic>;
  #module: Module;
  #slices: Tensor[];
  #copy: Tensor | undefined;
  #copies: Tensor[] = [];

  /**
   * Gives the parameters of these layers their place and first values.
   *
   * @throws {RangeError} if a layer occurs twice, or belongs to another network.
   * @throws {F16NotSupportedError} if the adapter has no floats of 16 bits, but they are asked for.
   */
  constructor(
    device: Device,
    module: Module | readonly Module[],
    { seed = 0, stream = 0, precision = "f32" }: NetworkOptions = {},
  ) {
    this.#module = module instanceof Array ? new Sequential(module) : module as Module;
    this.parameters = namedParameters(this.#module);
    this.statistics = namedStatistics(this.#module);
    checkUnplaced(this.parameters);
    this.precision = precision;
    this.gradientScale = precision === "f16" ? F16_GRADIENT_SCALE : 1;
    const { starts, length } = layInRow(this.parameters, ALIGNMENT[precision]);
    this.#copy = precision === "f16" ? device.state([length], "f16") : undefined;
    this.values = device.state([length]);
    this.gradients = device.state([length]);
    this.#slices = [];
    // Random numbers are counted as in f32, so that a network starts the same whatever its precision.
    const counted = layInRow(this.parameters, ALIGNMENT.f32).starts;
    for (const [position, parameter] of [...this.parameters.values()].entries()) {
      const slice = (flat: Tensor) => device.slice(flat, starts[position]!, parameter.shape);
      const copy = this.#copy && slice(this.#copy);
      if (copy) this.#copies.push(copy);
      parameter.place(slice(this.values), copy);
      this.#slices.push(slice(this.gradients));
      initialize(parameter.tensor, parameter.initializer, { seed, stream, start: counted[position]! });
    }
    for (const statistic of this.statistics.values()) {
      const tensor = device.state(statistic.shape, statistic.dtype);
      if (statistic.initial !== 0) tensor.set(new Float32Array(tensor.size).fill(statistic.initial));
      statistic.place(tensor);
    }
  }

  /** Trainable numbers. */
  get parameterCount(): number {
    let count = 0;
    for (const { shape } of this.parameters.values()) count += sizeOf(shape);
    return count;
  }

  /**
   * The output for an input. In training, which is the default, batch norm uses the statistics of the batch, or of each
   * of `groups` equal parts of it. In a network of f16 a pass may be asked for in f32; it is not one for
   * {@linkcode backward}.
   */
  forward(x: Tensor, context: Partial<ForwardContext> = {}): Tensor {
    const { precision = this.precision } = context;
    if (precision === "f16" && this.#copy) {
      map("weights to f16", { values: this.values }, "values", { into: this.#copy });
    }
    return this.#module.forward(x, { training: true, ...context, precision });
  }

  /**
   * Writes the gradients of the sum of `losses` with respect to all parameters into `gradients`, over what it held, times
   * {@linkcode gradientScale}.
   * `seeds` are the gradients of something later with respect to each of the losses; ones where not given.
   *
   * @throws {RangeError} if the losses do not depend on every parameter.
   */
  backward(losses: readonly Tensor[], { seeds }: Pick<GradientsOptions, "seeds"> = {}): void {
    const scale = this.gradientScale;
    const wrt = [...this.parameters.values()].map((parameter) => parameter.operand(this.precision));
    const scaled = scale === 1 ? seeds : seeds?.map((seed) => mul(seed, scale)) ??
      losses.map(({ device, shape }) => fill(device, shape, scale));
    gradients(losses, wrt, { into: this.#slices, ...(scaled ? { seeds: scaled } : {}) });
  }

  /** The gradient of one parameter, as of the last {@linkcode backward}, times {@linkcode gradientScale}. */
  gradientOf(name: string): Tensor {
    const position = [...this.parameters.keys()].indexOf(name);
    if (position < 0) throw new RangeError(`This network has no parameter '${name}'`);
    return this.#slices[position]!;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    for (const { tensor } of this.parameters.values()) tensor.dispose();
    for (const { tensor } of this.statistics.values()) tensor.dispose();
    for (const slice of [...this.#slices, ...this.#copies]) slice.dispose();
    this.#copy?.dispose();
    this.values.dispose();
    this.gradients.dispose();
  }
}

/** Where each parameter begins when they follow each other, and the length of the row. */
function layInRow(
  parameters: ReadonlyMap<string, Parameter>,
  alignment: number,
): { starts: number[]; length: number } {
  const starts: number[] = [];
  let length = 0;
  for (const { shape } of parameters.values()) {
    starts.push(length);
    length += Math.ceil(sizeOf(shape) / alignment) * alignment;
  }
  return { starts, length: Math.max(length, alignment) };
}

/** Elements of the flat tensor that these parameters have in a network of a precision. */
export function flatLength(
  parameters: ReadonlyMap<string, Parameter>,
  precision: FloatType = "f32",
): number {
  return layInRow(parameters, ALIGNMENT[precision]).length;
}

/** Throws where a layer is in use already, before anything is made. */
function checkUnplaced(parameters: ReadonlyMap<string, Parameter>): void {
  const names = new Map<Parameter, string>();
  for (const [name, parameter] of parameters) {
    const known = names.get(parameter);
    if (known !== undefined) {
      throw new RangeError(`'${known}' and '${name}' are one parameter: make a new layer for each place`);
    }
    if (parameter.placed) {
      throw new RangeError(`'${name}' belongs to another network already: make new layers for each network`);
    }
    names.set(parameter, name);
  }
}
