import type { Device, Tensor } from "../gpu/mod.ts";
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

/** Parameters begin at multiples of this many elements, as WebGPU wants of bindings (256 bytes). */
const ALIGNMENT = 64;

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
  /** All parameters in a row, `[length]`; between them lie zeros up to the next multiple of 64. */
  readonly values: Tensor;
  /** Their gradients, in the same places. */
  readonly gradients: Tensor;
  /** Parameters by PyTorch's names, in order. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Statistics by PyTorch's names, in order. */
  readonly statistics: ReadonlyMap<string, Statistic>;
  #module: Module;
  #slices: Tensor[];

  /**
   * Gives the parameters of these layers their place and first values.
   *
   * @throws {RangeError} if a layer occurs twice, or belongs to another network.
   */
  constructor(
    device: Device,
    module: Module | readonly Module[],
    { seed = 0, stream = 0 }: NetworkOptions = {},
  ) {
    this.#module = module instanceof Array ? new Sequential(module) : module as Module;
    this.parameters = namedParameters(this.#module);
    this.statistics = namedStatistics(this.#module);
    checkUnplaced(this.parameters);
    const starts: number[] = [];
    let length = 0;
    for (const { shape } of this.parameters.values()) {
      starts.push(length);
      length += Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;
    }
    this.values = device.state([Math.max(length, ALIGNMENT)]);
    this.gradients = device.state([Math.max(length, ALIGNMENT)]);
    this.#slices = [];
    for (const [position, parameter] of [...this.parameters.values()].entries()) {
      parameter.place(device.slice(this.values, starts[position]!, parameter.shape));
      this.#slices.push(device.slice(this.gradients, starts[position]!, parameter.shape));
      initialize(parameter.tensor, parameter.initializer, { seed, stream, start: starts[position]! });
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
   * of `groups` equal parts of it.
   */
  forward(x: Tensor, context: Partial<ForwardContext> = {}): Tensor {
    return this.#module.forward(x, { training: true, ...context });
  }

  /**
   * Writes the gradients of the sum of `losses` with respect to all parameters into `gradients`, over what it held.
   * `seeds` are the gradients of something later with respect to each of the losses; ones where not given.
   *
   * @throws {RangeError} if the losses do not depend on every parameter.
   */
  backward(losses: readonly Tensor[], { seeds }: Pick<GradientsOptions, "seeds"> = {}): void {
    const wrt = [...this.parameters.values()].map(({ tensor }) => tensor);
    gradients(losses, wrt, { into: this.#slices, ...(seeds ? { seeds } : {}) });
  }

  /** The gradient of one parameter, as of the last {@linkcode backward}. */
  gradientOf(name: string): Tensor {
    const position = [...this.parameters.keys()].indexOf(name);
    if (position < 0) throw new RangeError(`This network has no parameter '${name}'`);
    return this.#slices[position]!;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    for (const { tensor } of this.parameters.values()) tensor.dispose();
    for (const { tensor } of this.statistics.values()) tensor.dispose();
    for (const slice of this.#slices) slice.dispose();
    this.values.dispose();
    this.gradients.dispose();
  }
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
