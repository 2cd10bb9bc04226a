import { printAsText } from "../gpu/tensor/print_as_text.ts";
import type { FloatType, Tensor } from "../gpu/mod.ts";
import { formatShape, type Shape } from "../gpu/tensor/shape.ts";
import { modulesText, parameterText } from "./module_text.ts";
import type { Initializer } from "./weights/initializers.ts";
import { type BorderLayout, sameLayout } from "./weights/layout.ts";
import { type Piece, refusePieces } from "./penalties/piece.ts";

/**
 * How layers use a parameter. Contractions multiply with an `operand`, of which a network of f16 has a copy in 16 bits;
 * a `vector` is added or scales, and is f32 in any network.
 */
export type ParameterUse = "operand" | "vector";

/** Numbers that training changes. A {@linkcode Network} allocates them on the GPU. */
export class Parameter {
  static #printed = /* @__PURE__ */ printAsText(Parameter);
  /** Shape on the GPU. */
  readonly shape: Shape;
  /** How PyTorch keeps it. */
  readonly layout: BorderLayout;
  /** Its initializer. */
  readonly initializer: Initializer;
  /** How layers use it. */
  readonly use: ParameterUse;
  #tensor: Tensor | undefined;
  #copy: Tensor | undefined;
  #frozen = false;

  /** A parameter that is not allocated yet. */
  constructor(shape: Shape, layout: BorderLayout, initializer: Initializer, use: ParameterUse = "vector") {
    this.shape = shape;
    this.layout = layout;
    this.initializer = initializer;
    this.use = use;
  }

  /** Its values. */
  get tensor(): Tensor {
    if (!this.#tensor) {
      throw new Error(
        "This layer must belong to a Network before its parameters are used. Create a Network with it",
      );
    }
    return this.#tensor;
  }

  /** Whether training leaves it alone. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /**
   * Makes training leave it alone; see {@linkcode Module.freeze}.
   *
   * @throws {Error} if it belongs to a network already.
   */
  freeze(): void {
    if (this.placed) {
      throw new Error(
        "Cannot freeze a parameter: it must not belong to a Network yet, as optimizers are made for what is trained. " +
          "Freeze layers before you create their network",
      );
    }
    this.#frozen = true;
  }

  /** Whether it belongs to a network that is not disposed. */
  get placed(): boolean {
    return this.#tensor !== undefined && !this.#tensor.disposed;
  }

  /**
   * What layers compute with in a pass of a precision: its values, or their copy in 16 bits. It is this tensor that
   * gradients are of.
   */
  operand(precision: FloatType = "f32"): Tensor {
    if (precision === "f32" || this.use === "vector") return this.tensor;
    if (!this.#copy) {
      throw new Error(
        "This network must have precision f16 for a pass in f16. Create it with 'precision' f16",
      );
    }
    return this.#copy;
  }

  /** Sets its slice of the network's tensor, and that of its 16-bit copy, if there is one. */
  place(tensor: Tensor, copy?: Tensor): void {
    this.#tensor = tensor;
    this.#copy = copy;
  }

  /** What it is, in short: `Parameter [4, 4, 3, 8]`. */
  toString(): string {
    return `Parameter ${formatShape(this.shape)}${this.#tensor?.disposed ? ", disposed" : ""}`;
  }
}

/** Buffers of a layer, such as running statistics. */
export class Statistic {
  static #printed = /* @__PURE__ */ printAsText(Statistic);
  /** Shape, on the GPU and in PyTorch. */
  readonly shape: Shape;
  /** Element type on the GPU; `u32` is a 64-bit integer in PyTorch. */
  readonly dtype: "f32" | "u32";
  /** Initial value of every element, or its initializer. */
  readonly initial: number | Initializer;
  /** How PyTorch keeps it. */
  readonly layout: BorderLayout;
  #tensor: Tensor | undefined;

  /** A statistic that is not allocated yet. PyTorch keeps it as we do, if no layout is given. */
  constructor(
    shape: Shape,
    dtype: "f32" | "u32",
    initial: number | Initializer,
    layout: BorderLayout = sameLayout(shape),
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.initial = initial;
    this.layout = layout;
  }

  /** Its values. */
  get tensor(): Tensor {
    if (!this.#tensor) {
      throw new Error(
        "This layer must belong to a Network before its statistics are used. Create a Network with it",
      );
    }
    return this.#tensor;
  }

  /** Gives it its place. */
  place(tensor: Tensor): void {
    this.#tensor = tensor;
  }

  /** What it is, in short: `Statistic f32 [8]`. */
  toString(): string {
    return `Statistic ${this.dtype} ${formatShape(this.shape)}${this.#tensor?.disposed ? ", disposed" : ""}`;
  }
}

/** Tensors by the names that modules ask for them with. */
export type ModuleInputs = Readonly<Record<string, Tensor | undefined>>;

/** What a forward pass is for. */
export interface ForwardContext {
  /** Batch norm uses the statistics of the batch and updates the running ones; spectral norm renews its estimates. */
  readonly training: boolean;
  /** Equal parts of the batch that norms keep apart in training, as if each were a pass of its own. */
  readonly groups?: number;
  /**
   * What layers store their outputs as, and contractions read their weights as. Sums are f32 in either case.
   *
   * @default {"f32"}
   */
  readonly precision?: FloatType;
  /**
   * What modules take besides `x`, by name; see {@linkcode inputOf}. The first axis of each is the batch. Layers that
   * take classes find the class of each sample, u32 `[batch]`, under `labels`. One that is undefined is not there.
   *
   * @default {{}}
   */
  readonly inputs?: ModuleInputs;
}

/** Random numbers of a module's own, besides those of its first values. */
export interface ModuleRandom {
  /** Seed of its network. */
  readonly seed: number;
  /** A stream that no other module of the network has. */
  readonly stream: number;
}

/** A layer, or layers put together: a function of a tensor with parameters. */
export abstract class Module {
  static #printed = /* @__PURE__ */ printAsText(
    Module,
    (module) => [`${module}`, modulesText(module)].join("\n").trimEnd(),
  );
  /** Parameters of this module itself, by PyTorch's names. */
  parameters(): Readonly<Record<string, Parameter>> {
    return {};
  }

  /** Statistics of this module itself, by PyTorch's names. */
  statistics(): Readonly<Record<string, Statistic>> {
    return {};
  }

  /** The modules that this one is made of, by PyTorch's names. */
  children(): Readonly<Record<string, Module>> {
    return {};
  }

  /**
   * Whether it divides weights by a norm that each training pass estimates anew. A network then takes the groups of a
   * batch through all of its modules one after another.
   */
  get normalizesWeights(): boolean {
    return false;
  }

  /**
   * Whether a training pass changes what the next one computes with. The shards of a batch, which pass side by side, would
   * then depend on how many programs share them.
   */
  get changesInPasses(): boolean {
    return this.normalizesWeights;
  }

  /** Its network calls this once parameters and statistics have their first values. */
  start(_random: ModuleRandom): void {}

  /** The output for an input. */
  abstract forward(x: Tensor, context: ForwardContext): Tensor;

  /**
   * What this module is made of, in order, if it is piecewise linear and takes each image of a batch by itself:
   * {@linkcode penalizedBackward} walks through that. `name` is what the module is called in its network.
   *
   * @throws {TypeError} unless a module says otherwise.
   */
  pieces(name: string): readonly Piece[] {
    return refusePieces(this, name);
  }

  /**
   * Freezes its parameters and those of its children, as `requires_grad_(False)` in PyTorch: gradients flow through them, but
   * are not computed for them, and optimizers do not change them. State dicts have them as before. Statistics, such as those
   * of batch norms, are no parameters, and go on as they were. Call it before the network is created. A network with nothing
   * left to train has no gradients: `Network.backward()`, gradient penalties and training steps say so.
   *
   * @returns itself.
   * @throws {Error} if it belongs to a network already.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { openDevice } from "@x/dcgan/gpu";
   * import { Linear, mse, Network, Sgd } from "@x/dcgan/nn";
   *
   * using device = await openDevice();
   * using network = new Network(device, [new Linear(2, 3).freeze(), new Linear(3, 1)]);
   * using sgd = new Sgd(network, { learningRate: 0.1 });
   * const [first] = [...network.parameters.values()];
   * const before = await first!.tensor.data();
   * network.backward([mse(network.forward(device.tensor([[1, 2]])), device.tensor([[5]]))]);
   * sgd.step();
   * assertEquals(await first!.tensor.data(), before);
   * ```
   */
  freeze(): this {
    for (const parameter of namedParameters(this).values()) parameter.freeze();
    return this;
  }

  /** What it is, in short: `Conv2d weight [4, 4, 3, 8]`, or `Sequential of 3 modules`. */
  toString(): string {
    const children = Object.keys(this.children()).length;
    const parts = [
      ...(children > 0 ? [`of ${children} ${children === 1 ? "module" : "modules"}`] : []),
      ...Object.entries(this.parameters()).map(([name, parameter]) => parameterText(name, parameter)),
    ];
    return [this.constructor.name, parts.join(", ")].filter((part) => part !== "").join(" ");
  }
}

/** A module, its children, and theirs. */
export function* modulesOf(module: Module): Generator<Module> {
  yield module;
  for (const child of Object.values(module.children())) yield* modulesOf(child);
}

/** All parameters of a module and its children, by full name, in order. */
export function namedParameters(module: Module): Map<string, Parameter> {
  return collect(module, (part) => part.parameters());
}

/** All statistics of a module and its children, by full name, in order. */
export function namedStatistics(module: Module): Map<string, Statistic> {
  return collect(module, (part) => part.statistics());
}

function collect<T>(module: Module, own: (part: Module) => Readonly<Record<string, T>>): Map<string, T> {
  const found = new Map(Object.entries(own(module)));
  for (const [name, child] of Object.entries(module.children())) {
    for (const [inner, value] of collect(child, own)) found.set(`${name}.${inner}`, value);
  }
  return found;
}
