import { loopIterations } from "../../kernel/iterations.ts";
import { each, i32 } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../tensor/dtype.ts";
import { alongAxis, type AxisKernel } from "./along_axis.ts";
import type { WindowAxis } from "./windows.ts";

/** Windows whose means are taken. */
export interface MeansAxis extends WindowAxis {
  /** Divide by the size, rather than by the numbers of a window that are no padding. */
  readonly countIncludePad: boolean;
}

/** The means of the windows along an axis, `[outer, windows, inner]`. */
export function windowMeans(x: Tensor, axis: MeansAxis, dtype: DType): Tensor {
  return alongAxis(x, {
    ...described(axis, dtype),
    label: "average pool of lines",
    places: axis.windows,
    iterations: loopIterations(axis.size),
    statements: (load) =>
      `  let first = place * params.stride - params.padding;
  var sum = 0.0;
  for (var k = max(first, 0); k < min(first + params.size, params.extent); k++) { sum += ${load("k")}; }
  let result = sum / numbers_in(first);`,
  });
}

/** The gradient of {@linkcode windowMeans} with respect to `x`, `[outer, extent, inner]`. */
export function windowMeansGradient(gradient: Tensor, axis: MeansAxis, dtype: DType): Tensor {
  return alongAxis(gradient, {
    ...described(axis, dtype),
    label: "average pool of lines gradient",
    places: axis.extent,
    iterations: loopIterations(Math.ceil(axis.size / axis.stride)),
    // The first window that a number is in starts less than a window before it
    statements: (load) =>
      `  let along = place + params.padding;
  let last = min(along / params.stride, params.windows - 1);
  var result = 0.0;
  for (var k = max(along - params.size + params.stride, 0) / params.stride; k <= last; k++) {
    result += ${load("k")} / numbers_in(k * params.stride - params.padding);
  }`,
  });
}

function described(
  { outer, inner, extent, windows, size, stride, padding, countIncludePad }: MeansAxis,
  dtype: DType,
): Pick<AxisKernel, "outer" | "inner" | "dtype" | "uniforms" | "declarations"> {
  const ends = "min(first + params.size, params.extent) - max(first, 0)";
  return {
    outer,
    inner,
    dtype,
    uniforms: each(i32, { extent, windows, size, stride, padding }),
    declarations: `fn numbers_in(first: i32) -> f32 { return f32(${
      countIncludePad ? "params.size" : ends
    }); }`,
  };
}
