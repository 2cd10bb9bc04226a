import { loopIterations } from "../../kernel/iterations.ts";
import { each, i32, read, type Uniform, write } from "../../kernel/run_kernel.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { alongAxis } from "./along_axis.ts";
import type { WindowAxis } from "./windows.ts";

/** Largest numbers, and where they are. */
export interface Maxima {
  /** `[outer, windows, inner]`. */
  readonly values: Tensor;
  /** u32 of that shape: the place of each along the axis, the first of several. */
  readonly places: Tensor;
}

/** Compilers may take it for granted that comparisons never see NaN, but not that bits do not. */
const IS_NAN = "fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }";

/** The largest number of each window along an axis; NaN if one is NaN. Padding counts as less than all. */
export function windowMaxima(x: Tensor, axis: WindowAxis): Maxima {
  const places = x.device.empty([axis.outer, axis.windows, axis.inner], "u32");
  const values = alongAxis(x, {
    label: "max pool of lines",
    outer: axis.outer,
    inner: axis.inner,
    places: axis.windows,
    dtype: x.dtype,
    buffers: { found: write(places) },
    uniforms: uniformsOf(axis),
    declarations: IS_NAN,
    iterations: loopIterations(axis.size),
    statements: (load) =>
      `  let first = place * params.stride - params.padding;
  var taken = max(first, 0);
  var result = ${load("taken")};
  for (var k = taken + 1; k < min(first + params.size, params.extent); k++) {
    let value = ${load("k")};
    if (!is_nan(result) && (value > result || is_nan(value))) {
      result = value;
      taken = k;
    }
  }
  found[index] = u32(taken);`,
  });
  return { values, places };
}

/** The gradient of {@linkcode windowMaxima} with respect to `x`, `[outer, extent, inner]`: it goes to where they are. */
export function windowMaximaGradient(
  gradient: Tensor,
  places: Tensor,
  axis: WindowAxis,
  dtype: DType,
): Tensor {
  return alongAxis(gradient, {
    label: "max pool of lines gradient",
    outer: axis.outer,
    inner: axis.inner,
    places: axis.extent,
    dtype,
    buffers: { found: read(places) },
    uniforms: uniformsOf(axis),
    iterations: loopIterations(Math.ceil(axis.size / axis.stride)),
    // The first window that a number is in starts less than a window before it
    statements: (load, at) =>
      `  let along = place + params.padding;
  let last = min(along / params.stride, params.windows - 1);
  var result = 0.0;
  for (var k = max(along - params.size + params.stride, 0) / params.stride; k <= last; k++) {
    if (found[${at("k")}] == u32(place)) { result += ${load("k")}; }
  }`,
  });
}

function uniformsOf({ extent, windows, size, stride, padding }: WindowAxis): Record<string, Uniform> {
  return each(i32, { extent, windows, size, stride, padding });
}
