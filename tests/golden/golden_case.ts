import type { FloatType } from "../../src/gpu/mod.ts";
import type { TensorData } from "../../src/files/safetensors.ts";
import type { CaseDescription } from "./manifest.ts";

/** Arrays by their names in the case: what a run hands back to be judged. */
export type Results = Map<string, TensorData>;

/** A case with its tensors, as the code that runs it sees it: it knows what goes in, and asks by name. */
export class GoldenCase {
  /** What is computed. */
  readonly op: string;
  /** All that the file holds. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What the op is to keep its tensors in; parameters stay f32. */
  readonly precision: FloatType;
  #params: Readonly<Record<string, unknown>>;

  constructor(
    { op, params }: Pick<CaseDescription, "op" | "params">,
    tensors: ReadonlyMap<string, TensorData>,
    precision: FloatType = "f32",
  ) {
    this.op = op;
    this.#params = params;
    this.tensors = tensors;
    this.precision = precision;
  }

  /** True if there is such a tensor. */
  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** Names with a prefix, the prefix taken off. */
  names(prefix: string): string[] {
    return [...this.tensors.keys()].filter((name) => name.startsWith(prefix)).map((name) =>
      name.slice(prefix.length)
    );
  }

  /** A tensor of 32-bit floats. */
  floats(name: string): TensorData<"F32"> {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`The case has no tensor '${name}'`);
    if (tensor.dtype !== "F32") throw new Error(`Tensor '${name}' is ${tensor.dtype}, expected F32`);
    return tensor;
  }

  /** A numeric parameter, or the fallback where the case does not have it. */
  number(name: string, fallback?: number): number {
    const value = this.param(name) ?? fallback;
    if (typeof value === "number") return value;
    throw new Error(`Parameter '${name}' of ${this.op} must be a number, found ${JSON.stringify(value)}`);
  }

  /** A number for each direction, `[vertical, horizontal]`, given as one if both are equal. */
  pair(name: string, fallback: number): readonly [number, number] {
    const value = this.param(name);
    if (!(value instanceof Array)) return [this.number(name, fallback), this.number(name, fallback)];
    if (value.length === 2 && value.every((one) => typeof one === "number")) return value as [number, number];
    throw new Error(`Parameter '${name}' of ${this.op} must be two numbers, found ${JSON.stringify(value)}`);
  }

  /** A parameter that is true or false, or the fallback where the case does not have it. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.param(name) ?? fallback;
    if (typeof value === "boolean") return value;
    throw new Error(
      `Parameter '${name}' of ${this.op} must be true or false, found ${JSON.stringify(value)}`,
    );
  }

  /** A parameter of any kind, undefined where the case does not have it. */
  param(name: string): unknown {
    return this.#params[name] ?? undefined;
  }

  /** Throws if the case has a parameter besides these, which would go unheard. */
  expectNoOthers(names: readonly string[]): void {
    const other = Object.keys(this.#params).find((name) => !names.includes(name));
    if (other !== undefined) throw new Error(`Parameter '${other}' of ${this.op} is not supported`);
  }

  /** Throws if one of these parameters has a value other than the only one that can be computed here. */
  expectParams(only: Readonly<Record<string, unknown>>): void {
    for (const [name, supported] of Object.entries(only)) {
      const value = this.param(name);
      if (value !== undefined && value !== supported) {
        const found = JSON.stringify(value);
        throw new Error(
          `Parameter '${name}' of ${this.op} is ${found}: only ${JSON.stringify(supported)} is supported`,
        );
      }
    }
  }
}

/** An array of 32-bit floats as a result. */
export function floatsOf(shape: readonly number[], data: ArrayLike<number>): TensorData<"F32"> {
  return {
    dtype: "F32",
    shape,
    data: data instanceof Float32Array ? new Float32Array(data) : Float32Array.from(data),
  };
}
