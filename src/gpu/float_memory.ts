import type { DType } from "./tensor.ts";

/** Element types of tensors that hold floats. */
export type FloatType = Extract<DType, "f32" | "f16">;

/** What a kernel computes with: one float of 32 bits, or four neighbours. */
export type FloatWidth = "f32" | "vec4f";

/**
 * How a kernel sees the floats of a tensor. It computes in 32 bits whatever lies in memory: `load` makes an element of
 * the array a number to compute with, `store` makes such a number an element. For f32 both are the expression itself.
 */
export interface FloatMemory {
  /** WGSL type of the binding. */
  readonly array: string;
  /** The value of an element of the array, as a WGSL expression. */
  load(element: string): string;
  /** A value as an element of the array, as a WGSL expression. */
  store(value: string): string;
}

/** The largest float of 16 bits: what larger numbers are stored as, so that no infinities arise. */
export const MAX_F16 = 65504;

/**
 * WGSL that reads and writes 16 bits. Where kernels take floats one by one they are an `f16`; four are two words of 32
 * bits, since software adapters load the parts of a `vec4<f16>` one by one.
 *
 * WebGPU leaves open what becomes of numbers beyond the largest one, so those are bounded before they are rounded; with
 * comparisons that leave NaN as it is.
 */
export const F16_WGSL = `alias f16x4 = vec2u;
fn half_of(x: f32) -> f16 {
  return f16(select(select(x, ${MAX_F16}.0, x > ${MAX_F16}.0), -${MAX_F16}.0, x < -${MAX_F16}.0));
}
fn halves_of(x: vec4f) -> f16x4 {
  let most = vec4f(${MAX_F16}.0);
  let bounded = select(select(x, most, x > most), -most, x < -most);
  return f16x4(pack2x16float(bounded.xy), pack2x16float(bounded.zw));
}
fn floats_of(x: f16x4) -> vec4f { return vec4f(unpack2x16float(x.x), unpack2x16float(x.y)); }
`;

/**
 * The element type of a tensor that holds floats.
 *
 * @throws {TypeError} if it does not.
 */
export function floatTypeOf({ dtype }: { readonly dtype: DType }): FloatType {
  if (dtype === "f32" || dtype === "f16") return dtype;
  throw new TypeError(`This operation takes tensors of f32 or f16: one is of ${dtype}`);
}

/**
 * How kernels see the floats of a tensor of this element type, one by one or in fours.
 *
 * @throws {TypeError} if the tensor does not hold floats.
 */
export function memoryOf(tensor: { readonly dtype: DType }, width: FloatWidth): FloatMemory {
  if (floatTypeOf(tensor) === "f32") {
    return { array: `array<${width}>`, load: (element) => element, store: (value) => value };
  }
  return width === "f32"
    ? { array: "array<f16>", load: (element) => `f32(${element})`, store: (value) => `half_of(${value})` }
    : {
      array: "array<f16x4>",
      load: (element) => `floats_of(${element})`,
      store: (value) => `halves_of(${value})`,
    };
}
