import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, i32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../tensor/dtype.ts";

/** Windows along one axis: the middle one of `[outer, extent, inner]`. */
export interface WindowAxis {
  /** Whatever comes before the axis. */
  readonly outer: number;
  /** Numbers along it. */
  readonly extent: number;
  /** Whatever comes after it. */
  readonly inner: number;
  /** Windows along it. */
  readonly windows: number;
  /** Numbers of a window. */
  readonly size: number;
  /** From one window to the next. */
  readonly stride: number;
  /** Zeros before the first number, and after the last. */
  readonly padding: number;
  /** Divide by the size, rather than by the numbers of a window that are no padding. */
  readonly countIncludePad: boolean;
}

/** The means of the windows along an axis, `[outer, windows, inner]`. */
export function windowMeans(x: Tensor, axis: WindowAxis, dtype: DType): Tensor {
  return alongAxis("average pool of lines", x, axis, axis.windows, dtype, {
    iterations: loopIterations(axis.size),
    statements: (load) =>
      `  let first = place * params.stride - params.padding;
  for (var k = max(first, 0); k < min(first + params.size, params.extent); k++) { sum += ${load("k")}; }
  sum /= numbers_in(first);`,
  });
}

/** The gradient of {@linkcode windowMeans} with respect to `x`, `[outer, extent, inner]`. */
export function windowMeansGradient(gradient: Tensor, axis: WindowAxis, dtype: DType): Tensor {
  return alongAxis("average pool of lines gradient", gradient, axis, axis.extent, dtype, {
    iterations: loopIterations(Math.ceil(axis.size / axis.stride)),
    // The first window that a number is in starts less than a window before it
    statements: (load) =>
      `  let along = place + params.padding;
  let last = min(along / params.stride, params.windows - 1);
  for (var k = max(along - params.size + params.stride, 0) / params.stride; k <= last; k++) {
    sum += ${load("k")} / numbers_in(k * params.stride - params.padding);
  }`,
  });
}

/** How a result is summed up: `place` is where it is along the axis, `load(k)` a number of the source. */
interface AxisSum {
  readonly iterations: number;
  readonly statements: (load: (k: string) => string) => string;
}

/** One thread for each of `[outer, places, inner]` results. */
function alongAxis(
  label: string,
  source: Tensor,
  { outer, countIncludePad, ...axis }: WindowAxis,
  places: number,
  dtype: DType,
  { iterations, statements }: AxisSum,
): Tensor {
  const output = source.device.empty([outer, places, axis.inner], dtype);
  const [from, to] = [read(source, "f32"), write(output, "f32")];
  const ends = "min(first + params.size, params.extent) - max(first, 0)";
  const { inner, extent, windows, size, stride, padding } = axis;
  const lines = source.size / outer / inner;
  runKernel(source.device, {
    label,
    buffers: { source: from, output: to },
    uniforms: {
      ...each(u32, { count: output.size, inner, places, lines }),
      ...each(i32, { extent, windows, size, stride, padding }),
    },
    grid: linearGrid(output.size),
    declarations: `fn numbers_in(first: i32) -> f32 { return f32(${
      countIncludePad ? "params.size" : ends
    }); }`,
    iterations,
    body: `  if (index >= params.count) { return; }
  let line = index / params.inner / params.places;
  let place = i32(index / params.inner % params.places);
  let rest = index % params.inner;
  var sum = 0.0;
${statements((k) => from.load(`source[(line * params.lines + u32(${k})) * params.inner + rest]`))}
  output[index] = ${to.store("sum")};`,
  });
  return output;
}
