import type { Capabilities } from "../device/capabilities.ts";
import type { DType } from "../tensor/dtype.ts";

/** Element types of tensors that hold floats. */
export type FloatType = Extract<DType, "f32" | "f16">;

/** What a kernel computes with: one float of 32 bits, or four neighbors. */
export type FloatWidth = "f32" | "vec4f";

/** A tensor, or what its kernels must know about it. */
export interface FloatHolder {
  /** Element type. */
  readonly dtype: DType;
  /** The device that holds it. Without it, kernels are written to run on any device. */
  readonly device?: { readonly capabilities: Pick<Capabilities, "int64" | "images"> };
  /** Number of elements. Without it, kernels take any. */
  readonly size?: number;
}

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

/** The largest float of 16 bits. */
export const MAX_F16 = 65504;

/** The first number that is rounded to infinity: halfway to the next float of 16 bits, if there were one. */
const FIRST_INFINITE_F16 = 65520;

/**
 * WGSL that reads and writes four floats as integers of 64 bits, two or four at a time. llvmpipe moves the parts of a
 * vector one by one, with a check before each: half as many parts take two thirds of the time.
 */
const INT64_WGSL = {
  f32: `alias int64_f32x4 = vec2<u64>;
fn floats_of_int64(x: int64_f32x4) -> vec4f {
  return bitcast<vec4f>(vec4u(u32(x.x), u32(x.x >> 32u), u32(x.y), u32(x.y >> 32u)));
}
fn int64_of(x: vec4f) -> int64_f32x4 {
  let word = bitcast<vec4u>(x);
  return int64_f32x4(u64(word.x) | (u64(word.y) << 32u), u64(word.z) | (u64(word.w) << 32u));
}
`,
  f16: `alias int64_f16x4 = u64;
fn floats_of_int64_halves(x: int64_f16x4) -> vec4f { return floats_of(f16x4(u32(x), u32(x >> 32u))); }
fn int64_halves_of(x: vec4f) -> int64_f16x4 {
  let halves = halves_of(x);
  return u64(halves.x) | (u64(halves.y) << 32u);
}
`,
};

/**
 * WGSL that reads and writes 16 bits. If kernels take floats one by one they are an `f16`; four are two words of 32
 * bits, since software adapters load the parts of a `vec4<f16>` one by one.
 *
 * WebGPU does not define what happens to numbers beyond the largest one. So those are bounded before they are rounded,
 * with comparisons that leave NaN as it is, and made infinite if IEEE 754 rounds to that: that is the sum of the
 * largest number and itself, and the number whose bits follow those of the largest one.
 */
const F16_WGSL = `alias f16x4 = vec2u;
fn half_of(x: f32) -> f16 {
  let half = f16(select(select(x, ${MAX_F16}.0, x > ${MAX_F16}.0), -${MAX_F16}.0, x < -${MAX_F16}.0));
  return select(half, half + half, abs(x) >= ${FIRST_INFINITE_F16}.0);
}
fn half_bits_of(x: vec2f) -> u32 {
  let most = vec2f(${MAX_F16}.0);
  let bits = pack2x16float(select(select(x, most, x > most), -most, x < -most));
  let over = vec2u(abs(x) >= vec2f(${FIRST_INFINITE_F16}.0));
  return bits + over.x + (over.y << 16u);
}
fn halves_of(x: vec4f) -> f16x4 { return f16x4(half_bits_of(x.xy), half_bits_of(x.zw)); }
fn floats_of(x: f16x4) -> vec4f { return vec4f(unpack2x16float(x.x), unpack2x16float(x.y)); }
`;

/** What a kernel must declare so that it can use the types of a {@linkcode FloatMemory} that it mentions. */
export function floatPreamble(text: string): string {
  const halves = /\b(int64_)?f16/.test(text);
  return [
    halves ? `enable f16;\n${F16_WGSL}` : "",
    text.includes("int64_f32x4") ? INT64_WGSL.f32 : "",
    text.includes("int64_f16x4") ? INT64_WGSL.f16 : "",
  ].join("");
}

/**
 * The element type of a tensor that holds floats.
 *
 * @throws {TypeError} if it does not.
 */
export function floatTypeOf({ dtype }: { readonly dtype: DType }): FloatType {
  if (dtype === "f32" || dtype === "f16") return dtype;
  throw new TypeError(`This operation needs tensors of f32 or f16, found one of ${dtype}`);
}

const INT64_SINGLES: FloatMemory = {
  array: "array<int64_f32x4>",
  load: (element) => `floats_of_int64(${element})`,
  store: (value) => `int64_of(${value})`,
};

const INT64_HALVES: FloatMemory = {
  array: "array<int64_f16x4>",
  load: (element) => `floats_of_int64_halves(${element})`,
  store: (value) => `int64_halves_of(${value})`,
};

/**
 * How kernels see the floats of a tensor of this element type, one by one or in fours.
 *
 * @throws {TypeError} if the tensor does not hold floats.
 */
export function memoryOf(tensor: FloatHolder, width: FloatWidth): FloatMemory {
  const single = floatTypeOf(tensor) === "f32";
  if (width === "vec4f" && tensor.device?.capabilities.int64) return single ? INT64_SINGLES : INT64_HALVES;
  if (single) return { array: `array<${width}>`, load: (element) => element, store: (value) => value };
  return width === "f32"
    ? { array: "array<f16>", load: (element) => `f32(${element})`, store: (value) => `half_of(${value})` }
    : {
      array: "array<f16x4>",
      load: (element) => `floats_of(${element})`,
      store: (value) => `halves_of(${value})`,
    };
}
