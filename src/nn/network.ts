import { printAsText } from "../gpu/tensor/print_as_text.ts";
import {
  accumulate as addTo,
  type Device,
  expectKnownOptions,
  fill,
  type FloatType,
  map,
  mul,
  shardOf,
  type Tensor,
} from "../gpu/mod.ts";
import { F16_GRADIENT_SCALE, GradientScaling } from "./gradient_scaling.ts";
import { gradients, type GradientsOptions } from "../gpu/autograd/gradients.ts";
import { forwardInPasses } from "./group_passes.ts";
import { modulesText } from "./module_text.ts";
import { initialize } from "./weights/initialize.ts";
import { constant } from "./weights/initializers.ts";
import { layInRow } from "./weights/parameter_row.ts";
import { Sequential } from "./layers/sequential.ts";
import {
  type ForwardContext,
  type Module,
  modulesOf,
  namedParameters,
  namedStatistics,
  type Parameter,
  type Statistic,
} from "./module.ts";
import type { FlatParameters } from "./optimizers/optimizer.ts";
import { checkUnplaced } from "./weights/check_unplaced.ts";
import { expectTrained } from "./weights/expect_trained.ts";
import { type RowPart, sliceRow } from "./weights/row_slices.ts";
import { trainedParts } from "./weights/trained_parts.ts";
import { ShardGradients } from "./weights/shard_gradients.ts";
import { sizeOf } from "../gpu/tensor/shape.ts";
import { expectTensorFits } from "../gpu/tensor/tensor_limits.ts";

/** Options of {@linkcode Network}. */
export interface NetworkOptions {
  /**
   * Seed of the initial parameters. Two networks with one seed and different layers start differently.
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
   * What layers store their outputs and the gradients of these as. With `f16` their contractions multiply with a copy
   * of the weights in 16 bits, copied again by each forward pass; parameters, statistics, sums and gradients of
   * parameters are f32 in either case.
   *
   * @default {"f32"}
   */
  precision?: FloatType;
}

/** Options of {@linkcode Network.backward}. */
export interface BackwardOptions extends Pick<GradientsOptions, "seeds"> {
  /**
   * Adds the gradients to those that are there already, in place of writing over them.
   *
   * @default {false}
   */
  accumulate?: boolean;
}

/**
 * Layers with their parameters on a GPU. All parameters are slices of one flat tensor, and so are their gradients: an
 * optimizer updates the whole network in one launch.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
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
 * assert(await step.outputs.loss.item() > 0);
 * ```
 */
export class Network implements FlatParameters, Disposable {
  static #printed = /* @__PURE__ */ printAsText(
    Network,
    (network) => [`${network}`, modulesText(network.module)].join("\n").trimEnd(),
  );
  /** All parameters in a row, `[length]`; between them lie zeros. */
  readonly values: Tensor;
  /** Their gradients, in the same places, {@linkcode gradientScale} times as large as they are. */
  readonly gradients: Tensor;
  /**
   * What the gradients are multiplied with: 1, or {@linkcode F16_GRADIENT_SCALE} in a network of f16, as long as none
   * overflow there.
   */
  readonly gradientScale: number;
  /** The current scale of the gradients of an f16 network. */
  readonly gradientScaling: GradientScaling | undefined;
  /** The layers. */
  readonly module: Module;
  /** What layers store their outputs as. */
  readonly precision: FloatType;
  /** Parameters by PyTorch's names, in order. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Statistics by PyTorch's names, in order. */
  readonly statistics: ReadonlyMap<string, Statistic>;
  /** The parts of the row that are trained, if some parameters are frozen; see {@linkcode Module.freeze}. */
  readonly trained: readonly RowPart[] | undefined;
  /** Adds up the gradients of shards of a batch, where that passes in shards. */
  readonly shardGradients: ShardGradients;
  #copy: Tensor | undefined;
  #copies: Tensor[] = [];
  /** Whether groups of a batch need a pass each. */
  #inPasses: boolean;

  /**
   * Allocates and initializes the parameters of these layers.
   *
   * @throws {RangeError} if a layer occurs twice, or belongs to another network.
   * @throws {TypeError} if there is no such option, or 16-bit floats are requested for layers with spectral norm.
   * @throws {TensorTooLargeError} if a parameter is larger than a kernel can bind, or all are larger than a buffer.
   * @throws {F16NotSupportedError} if 16-bit floats are requested, but the adapter does not support them.
   */
  constructor(
    device: Device,
    module: Module | readonly Module[],
    options: NetworkOptions = {},
  ) {
    expectKnownOptions("Network", options, { seed: true, stream: true, precision: true });
    const { seed = 0, stream = 0, precision = "f32" } = options;
    this.module = module instanceof Array ? new Sequential(module) : module as Module;
    this.parameters = namedParameters(this.module);
    this.statistics = namedStatistics(this.module);
    checkUnplaced(this.parameters);
    const normalizing = modulesOf(this.module).find((part) => part.normalizesWeights);
    if (normalizing && precision === "f16") {
      throw new TypeError(
        `Cannot create this network in f16: with spectral norm the precision must be f32, found ${normalizing}. ` +
          "Gradients of normalized weights would lose their digits in 16 bits",
      );
    }
    this.#inPasses = normalizing !== undefined;
    for (const { shape } of this.parameters.values()) expectTensorFits(device.adapter, shape, "f32");
    this.precision = precision;
    this.gradientScale = precision === "f16" ? F16_GRADIENT_SCALE : 1;
    const { starts, length } = layInRow(this.parameters, precision);
    this.#copy = precision === "f16" ? device.state([length], "f16") : undefined;
    this.gradientScaling = precision === "f16" ? new GradientScaling(device) : undefined;
    this.values = device.state([length]);
    this.gradients = device.state([length]);
    // Random numbers are counted as in f32, so that a network starts the same whatever its precision.
    const counted = layInRow(this.parameters, "f32");
    for (const [position, parameter] of [...this.parameters.values()].entries()) {
      const slice = (flat: Tensor) => device.slice(flat, starts[position]!, parameter.shape);
      const copy = this.#copy && slice(this.#copy);
      if (copy) this.#copies.push(copy);
      parameter.place(slice(this.values), copy);
      initialize(parameter.tensor, parameter.initializer, { seed, stream, start: counted.starts[position]! });
    }
    const cut = (row: Tensor) =>
      [...this.parameters.values()].map(({ shape }, at) => device.slice(row, starts[at]!, shape));
    this.shardGradients = new ShardGradients(this.gradients, cut, F16_GRADIENT_SCALE / this.gradientScale);
    this.trained = trainedParts([...this.parameters.values()], starts, length);
    const behind = layInRow(this.statistics, "f32").starts;
    for (const [position, statistic] of [...this.statistics.values()].entries()) {
      const { shape, dtype, initial } = statistic;
      const tensor = device.state(shape, dtype);
      statistic.place(tensor);
      const initializer = typeof initial === "number" ? constant(initial) : initial;
      initialize(tensor, initializer, { seed, stream, start: counted.length + behind[position]! });
    }
    for (const [position, part] of [...modulesOf(this.module)].entries()) {
      part.start({ seed, stream: stream + (position + 1) * STREAMS_APART });
    }
  }

  /** Trainable numbers: those of frozen parameters are none. */
  get parameterCount(): number {
    let count = 0;
    for (const { shape, frozen } of this.parameters.values()) if (!frozen) count += sizeOf(shape);
    return count;
  }

  /**
   * The output for an input. In training, which is the default, batch norm uses the statistics of the batch, or of each
   * of `groups` equal parts of it, and spectral norm renews its estimates, for each of the groups in turn. In an f16
   * network, a pass may be in f32; it is not one for {@linkcode backward}. What modules take besides `x` is in `inputs`,
   * by name: networks with classes, such as those with a {@linkcode ClassProjection}, find the class of each sample
   * there as `labels`.
   */
  forward(x: Tensor, context: Partial<ForwardContext> = {}): Tensor {
    expectKnownOptions<Partial<ForwardContext>>("Network.forward()", context, {
      training: true,
      groups: true,
      precision: true,
      inputs: true,
    });
    const { precision = this.precision } = context;
    if (precision === "f16" && this.#copy) {
      const copies = sliceRow(this.#copy);
      for (const [part, values] of sliceRow(this.values).entries()) {
        map("weights to f16", { values }, "values", { into: copies[part]! });
      }
    }
    const pass = { training: true, ...context, precision };
    return this.#inPasses && pass.training
      ? forwardInPasses(this.module, x, pass)
      : this.module.forward(x, pass);
  }

  /**
   * Writes the gradients of the sum of `losses` with respect to all parameters that are not frozen into `gradients`,
   * over what it held, times {@linkcode gradientScale}. `seeds` are the gradients of something later with respect to
   * each of the losses; ones if not given. With `accumulate` they are added to what it holds, as in PyTorch's
   * `backward()`: first comes a call without it, and after the last the optimizer's step.
   *
   * @throws {RangeError} if the losses do not depend on every parameter that is not frozen, or all are.
   */
  backward(losses: readonly Tensor[], options: BackwardOptions = {}): void {
    expectKnownOptions<BackwardOptions>("Network.backward()", options, { seeds: true, accumulate: true });
    expectTrained(this, "compute gradients");
    const { seeds, accumulate = false } = options;
    const places = this.shardGradients.slices;
    const trained = [...this.parameters.values()].flatMap((parameter, position) =>
      parameter.frozen ? [] : [{ operand: parameter.operand(this.precision), slice: places[position]! }]
    );
    const wrt = trained.map(({ operand }) => operand);
    const slices = trained.map(({ slice }) => slice);
    // All gradients that are added up have one scale
    const isLater = accumulate || shardOf(this.gradients.device)?.isFirst === false;
    const scale = isLater ? this.gradientScaling?.scale : this.gradientScaling?.next();
    const scaled = scale
      ? (seeds ?? losses.map(({ device, shape }) => fill(device, shape, 1))).map((seed) => mul(seed, scale))
      : seeds;
    const { device } = this.gradients;
    const into = accumulate ? slices.map(({ shape }) => device.empty(shape)) : slices;
    gradients(losses, wrt, { into, ...(scaled ? { seeds: scaled } : {}) });
    if (!accumulate) return;
    for (const [position, own] of into.entries()) {
      addTo(slices[position]!, own, true);
      own.dispose();
    }
  }

  /**
   * The gradient of one parameter, as of the last {@linkcode backward}, times {@linkcode gradientScale}: while a shard of a
   * batch is recorded, that shard's.
   */
  gradientOf(name: string): Tensor {
    const position = [...this.parameters.keys()].indexOf(name);
    if (position < 0) throw new RangeError(`This network has no parameter '${name}'`);
    return this.shardGradients.slices[position]!;
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    for (const { tensor } of this.parameters.values()) tensor.dispose();
    for (const { tensor } of this.statistics.values()) tensor.dispose();
    for (const slice of this.#copies) slice.dispose();
    this.shardGradients[Symbol.dispose]();
    this.#copy?.dispose();
    this.gradientScaling?.[Symbol.dispose]();
    this.values.dispose();
    this.gradients.dispose();
  }

  /** What it is, in short: `Network of 2723 parameters, f32, on llvmpipe`. */
  toString(): string {
    const where = this.values.disposed ? "disposed" : `on ${this.values.device.adapter.name}`;
    return `Network of ${this.parameterCount} parameters, ${this.precision}, ${where}`;
  }
}

/** Streams of a network's modules begin after those that scripts give to networks. */
const STREAMS_APART = 2 ** 16;
