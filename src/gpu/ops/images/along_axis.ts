import { linearGrid } from "../../kernel/kernel.ts";
import { type Argument, each, read, runKernel, u32, type Uniform, write } from "../../kernel/run_kernel.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What is computed along the middle axis of `[outer, extent, inner]`. */
export interface AxisKernel {
  /** Name for profiles. */
  readonly label: string;
  /** Whatever comes before the axis. */
  readonly outer: number;
  /** Whatever comes after it. */
  readonly inner: number;
  /** Results along the axis. */
  readonly places: number;
  /** Element type of the result. */
  readonly dtype: DType;
  /** Other tensors that the statements bind. */
  readonly buffers?: Readonly<Record<string, Argument>>;
  /** Numbers that the statements read. */
  readonly uniforms: Readonly<Record<string, Uniform>>;
  /** WGSL functions that they call. */
  readonly declarations?: string;
  /** The most iterations of their loops. */
  readonly iterations: number;
  /**
   * Statements that define `result`, an f32. `place` is where it is along the axis, an i32, and `load(k)` the number of the
   * source at place `k`; `at(k)` is the index of that, and `index` that of the result.
   */
  readonly statements: (load: (k: string) => string, at: (k: string) => string) => string;
}

/** One thread for each of `[outer, places, inner]` results. */
export function alongAxis(
  source: Tensor,
  { label, outer, inner, places, dtype, buffers = {}, uniforms, declarations, iterations, statements }:
    AxisKernel,
): Tensor {
  const output = source.device.empty([outer, places, inner], dtype);
  const [from, to] = [read(source, "f32"), write(output, "f32")];
  const lines = source.size / outer / inner;
  const at = (k: string) => `(line * params.lines + u32(${k})) * params.inner + rest`;
  runKernel(source.device, {
    label,
    buffers: { source: from, output: to, ...buffers },
    uniforms: { ...each(u32, { count: output.size, inner, places, lines }), ...uniforms },
    grid: linearGrid(output.size),
    ...(declarations ? { declarations } : {}),
    iterations,
    body: `  if (index >= params.count) { return; }
  let line = index / params.inner / params.places;
  let place = i32(index / params.inner % params.places);
  let rest = index % params.inner;
${statements((k) => from.load(`source[${at(k)}]`), at)}
  output[index] = ${to.store("result")};`,
  });
  return output;
}
