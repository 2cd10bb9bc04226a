import type { Tensor } from "../gpu/mod.ts";
import type { Shape } from "../gpu/shape.ts";
import type { Initializer } from "./initializers.ts";
import type { BorderLayout } from "./layout.ts";

/** Numbers that training changes. A {@linkcode Network} gives them their place on the GPU. */
export class Parameter {
  /** Shape on the GPU. */
  readonly shape: Shape;
  /** How PyTorch keeps it. */
  readonly layout: BorderLayout;
  /** What it starts as. */
  readonly initializer: Initializer;
  #tensor: Tensor | undefined;

  /** A parameter without a place yet. */
  constructor(shape: Shape, layout: BorderLayout, initializer: Initializer) {
    this.shape = shape;
    this.layout = layout;
    this.initializer = initializer;
  }

  /** Its values. */
  get tensor(): Tensor {
    if (!this.#tensor) throw new Error("This layer has no parameters on a GPU yet: make a Network of it");
    return this.#tensor;
  }

  /** Whether a network that still lives gave it its place. */
  get placed(): boolean {
    return this.#tensor !== undefined && !this.#tensor.disposed;
  }

  /** Gives it its place. */
  place(tensor: Tensor): void {
    this.#tensor = tensor;
  }
}

/** Numbers that a layer keeps besides its parameters, such as running statistics. */
export class Statistic {
  /** Shape, on the GPU and in PyTorch. */
  readonly shape: Shape;
  /** Element type on the GPU; `u32` is a 64-bit integer in PyTorch. */
  readonly dtype: "f32" | "u32";
  /** What every element starts as. */
  readonly initial: number;
  #tensor: Tensor | undefined;

  /** A statistic without a place yet. */
  constructor(shape: Shape, dtype: "f32" | "u32", initial: number) {
    this.shape = shape;
    this.dtype = dtype;
    this.initial = initial;
  }

  /** Its values. */
  get tensor(): Tensor {
    if (!this.#tensor) throw new Error("This layer has no statistics on a GPU yet: make a Network of it");
    return this.#tensor;
  }

  /** Gives it its place. */
  place(tensor: Tensor): void {
    this.#tensor = tensor;
  }
}

/** What a forward pass is for. */
export interface ForwardContext {
  /** Batch norm uses the statistics of the batch and updates the running ones. */
  readonly training: boolean;
  /** Equal parts of the batch that batch norms keep apart in training. */
  readonly groups?: number;
}

/** A layer, or layers put together: a function of a tensor with parameters. */
export abstract class Module {
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

  /** The output for an input. */
  abstract forward(x: Tensor, context: ForwardContext): Tensor;
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
