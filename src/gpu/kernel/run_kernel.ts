import type { Device } from "../device/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FloatMemory, type FloatWidth, memoryOf } from "./float_memory.ts";
import { type FloatReader, floatReader } from "./images/float_reader.ts";
import type { LaunchFacts } from "./launch.ts";
import { type Access, defineKernel, type Kernel, type UniformType, type Workgroups } from "./kernel.ts";

/** A tensor that a kernel binds. */
export interface Binding {
  /** How it is used. */
  readonly access: Access;
  /** The tensor. */
  readonly tensor: Tensor;
  /** WGSL type of the binding. */
  readonly array: string;
}

/** A tensor that a kernel binds, and how WGSL loads and stores its elements. */
export interface Argument extends Binding, FloatMemory {}

/** A tensor that a kernel reads by a name. */
export interface Reader extends Binding, FloatReader {
  readonly access: FloatReader["access"];
  readonly array: string;
}

/** What WGSL sees of a tensor: floats one by one, four at a time, or a type of its own. */
type View = FloatWidth | `array<${string}>`;

function argument(access: Access, tensor: Tensor, view?: View): Argument {
  const isFloat = tensor.dtype === "f32" || tensor.dtype === "f16";
  const width = view ?? (isFloat ? "f32" : "array<u32>");
  if (width === "f32" || width === "vec4f") return { access, tensor, ...memoryOf(tensor, width) };
  const same = (element: string) => element;
  return { access, tensor, array: width, load: same, store: same };
}

/**
 * A tensor that a kernel reads. Without a view, its floats are loaded one by one, and integers are words of 32 bits.
 */
export const read = (tensor: Tensor, view?: View): Argument => argument("read", tensor, view);

/** Floats that a kernel reads by this name, and whose loads take most of its time; see {@linkcode floatReader}. */
export function readOften(name: string, tensor: Tensor, width: FloatWidth): Reader {
  return { tensor, ...floatReader(name, tensor, width) };
}

/** A tensor that a kernel writes. */
export const write = (tensor: Tensor, view?: View): Argument => argument("write", tensor, view);

/** A tensor that a kernel reads and writes. */
export const update = (tensor: Tensor, view?: View): Argument => argument("update", tensor, view);

/** A number that a kernel reads as `params.name`. */
export interface Uniform {
  /** Its type. */
  readonly type: UniformType;
  /** Its value in this launch. */
  readonly value: number;
}

/** An unsigned integer. */
export const u32 = (value: number): Uniform => ({ type: "u32", value });

/** An integer. */
export const i32 = (value: number): Uniform => ({ type: "i32", value });

/** A float. */
export const f32 = (value: number): Uniform => ({ type: "f32", value });

/** The same type for several numbers. */
export function each<Name extends string>(
  type: (value: number) => Uniform,
  values: Readonly<Record<Name, number>>,
): Record<Name, Uniform> {
  const entries = Object.entries<number>(values).map(([name, value]) => [name, type(value)]);
  return Object.fromEntries(entries) as Record<Name, Uniform>;
}

/** One field of each of these uniforms, by name: types for a kernel, values for a launch. */
export function fieldOf<F extends keyof Uniform>(
  field: F,
  uniforms: Readonly<Record<string, Uniform>>,
): Record<string, Uniform[F]> {
  const found: Record<string, Uniform[F]> = {};
  for (const name in uniforms) found[name] = uniforms[name]![field];
  return found;
}

/** A part of a kernel: what it binds, its uniforms with their values, and the WGSL that uses them. */
export interface KernelPart {
  /** Tensors by their names in WGSL, in binding order. */
  readonly buffers?: Readonly<Record<string, Binding>>;
  /** Numbers by their names. */
  readonly uniforms?: Readonly<Record<string, Uniform>>;
  /** Functions, constants and workgroup variables. */
  readonly declarations?: string;
  /** The most iterations that the loops of one thread take in this part; see `KernelSpec`. */
  readonly iterations?: number;
}

/** A kernel and one launch of it. Parts come first, in their order; what is given here follows them. */
export interface KernelRun extends KernelPart {
  /** Name for error messages and profiles. */
  readonly label: string;
  /** Other parts. */
  readonly parts?: readonly KernelPart[];
  /**
   * Threads in a workgroup.
   *
   * @default {64}
   */
  readonly workgroup?: number;
  /** Statements of the entry point; see `KernelSpec`. */
  readonly body: string;
  /** Size of the grid. */
  readonly grid: Workgroups;
  /** What it reports. */
  readonly facts?: LaunchFacts;
}

/** Writes the kernel of a run: a pure function of its parts. */
export function kernelOf(run: KernelRun): Kernel {
  const parts = [...run.parts ?? [], run];
  const counted = parts.filter(({ iterations }) => iterations !== undefined);
  const iterations = counted.reduce((sum, part) => sum + part.iterations!, 0);
  const declarations = parts.flatMap((part) => part.declarations ? [part.declarations] : []);
  return defineKernel({
    label: run.label,
    bindings: collect(parts, "buffers", ({ access, array }) => [access, array] as const),
    uniforms: collect(parts, "uniforms", ({ type }) => type),
    ...(run.workgroup === undefined ? {} : { workgroup: run.workgroup }),
    declarations: declarations.join("\n"),
    body: run.body,
    ...(counted.length > 0 ? { iterations: () => iterations } : {}),
  });
}

/** Writes the kernel of a run once, for repeated launches. */
export function prepareRun(device: Device, run: KernelRun): () => void {
  const parts = [...run.parts ?? [], run];
  const kernel = kernelOf(run);
  const buffers = collect(parts, "buffers", ({ tensor }) => tensor);
  const uniforms = collect(parts, "uniforms", ({ value }) => value);
  return () => device.launch(kernel, buffers, uniforms, run.grid, run.facts);
}

/** Writes the kernel of a run and launches it. */
export function runKernel(device: Device, run: KernelRun): void {
  prepareRun(device, run)();
}

/** One field of all parts, by name, as something else. */
function collect<F extends "buffers" | "uniforms", T>(
  parts: readonly KernelPart[],
  field: F,
  as: (entry: NonNullable<KernelPart[F]>[string]) => T,
): Record<string, T> {
  const found: Record<string, T> = {};
  for (const part of parts) {
    for (const [name, entry] of Object.entries(part[field] ?? {})) {
      if (name in found) throw new TypeError(`Two parts of a kernel have ${field} named '${name}'`);
      found[name] = as(entry as NonNullable<KernelPart[F]>[string]);
    }
  }
  return found;
}
