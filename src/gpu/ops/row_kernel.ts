import { defineKernel, type KernelSpec, linearGrid } from "../kernel.ts";
import type { Tensor } from "../tensor.ts";

/** Threads that share a row. */
export const ROW_THREADS = 64;

/** Functions that a workgroup calls together: the largest, or the sum, of one number from each thread. */
const ROW_FUNCTIONS = `var<workgroup> shared_values: array<f32, ${ROW_THREADS}>;
fn row_max(thread: u32, value: f32) -> f32 {
  shared_values[thread] = value;
  workgroupBarrier();
  for (var half = ${ROW_THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { shared_values[thread] = max(shared_values[thread], shared_values[thread + half]); }
    workgroupBarrier();
  }
  let result = shared_values[0];
  workgroupBarrier();
  return result;
}
fn row_sum(thread: u32, value: f32) -> f32 {
  shared_values[thread] = value;
  workgroupBarrier();
  for (var half = ${ROW_THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { shared_values[thread] += shared_values[thread + half]; }
    workgroupBarrier();
  }
  let result = shared_values[0];
  workgroupBarrier();
  return result;
}
`;

/** Statements that find `largest` of a row of `x_values` and the sum `total` of `exp(x - largest)`. */
export const ROW_TOTAL = `  var largest = x_values[row * params.classes];
  for (var k = thread; k < params.classes; k += ${ROW_THREADS}u) {
    largest = max(largest, x_values[row * params.classes + k]);
  }
  largest = row_max(thread, largest);
  var total = 0.0;
  for (var k = thread; k < params.classes; k += ${ROW_THREADS}u) {
    total += exp(x_values[row * params.classes + k] - largest);
  }
  total = row_sum(thread, total);
`;

/** Runs a kernel with one workgroup for each row of the last axis; its body sees `row`. */
export function launchRows(
  x: Tensor,
  classes: number,
  spec: Pick<KernelSpec, "label" | "bindings" | "body">,
  buffers: Readonly<Record<string, Tensor>>,
): void {
  const rows = x.size / classes;
  const kernel = defineKernel({
    ...spec,
    uniforms: { rows: "u32", classes: "u32" },
    workgroup: ROW_THREADS,
    declarations: ROW_FUNCTIONS,
    body: `  let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
${spec.body}`,
  });
  x.device.launch(kernel, buffers, { rows, classes }, linearGrid(rows, 1));
}
