import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { each, f32, type KernelPart, read, runKernel, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Device } from "../../device/device.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sharedTotals, sumOfTotals } from "./totals.ts";
import type { VectorParts } from "./weight_matrix.ts";

/** A vector divided by its length. */
export interface UnitVector {
  /** Of length 1, or 0. */
  readonly unit: Tensor;
  /** Its inner product with the vector, `[1]`. */
  readonly product: Tensor;
}

/** Elements from which on a vector is long. */
const LONG = 256;

/**
 * Threads of the one workgroup. On a software adapter one SIMD register of them needs no barriers, but would lose digits
 * of a long sum.
 */
function threadsOf({ adapter }: Device, length: number): number {
  return adapter.software && length < LONG ? 8 : 256;
}

/** `unit = vector / max(|vector|, eps)`, a new tensor, which is written to `state` as well. */
export function normalizeVector(vector: VectorParts, eps: number, state: Tensor): UnitVector {
  const { device } = state;
  const unit = device.empty([vector.length]);
  const product = device.empty([1]);
  const threads = threadsOf(device, vector.length);
  const walk = loopIterations(Math.ceil(vector.length / threads));
  runSingle(device, vector, {
    label: "spectral norm unit vector",
    buffers: { unit: update(unit), state: write(state), product: write(product) },
    uniforms: { eps: f32(eps) },
    iterations: walk,
    each: "    unit[at] = value;\n    total += value * value;",
    end: `  let length = max(sqrt(sum), params.eps);
  for (var at = thread; at < params.length; at += ${threads}u) {
    let value = unit[at] / length;
    unit[at] = value;
    state[at] = value;
  }
  if (thread == 0u) { product[0] = sum / length; }`,
  });
  return { unit, product };
}

/** The inner product of a vector with another one, `[1]`. */
export function innerProduct(vector: VectorParts, other: Tensor): Tensor {
  const { device } = other;
  const product = device.empty([1]);
  runSingle(device, vector, {
    label: "spectral norm inner product",
    buffers: { other: read(other), product: write(product) },
    each: "    total += value * other[at];",
    end: "  if (thread == 0u) { product[0] = sum; }",
  });
  return product;
}

/** One workgroup that sees each `value` of a vector once, adds to its `total`, and then knows the `sum` of all totals. */
function runSingle(
  device: Device,
  { values, parts, length }: VectorParts,
  { label, buffers, uniforms = {}, iterations = 0, each: statements, end }:
    & Required<Pick<KernelPart, "buffers">>
    & Pick<KernelPart, "uniforms" | "iterations">
    & { readonly label: string; readonly each: string; readonly end: string },
): void {
  const threads = threadsOf(device, length);
  runKernel(device, {
    label,
    buffers: { values: read(values), ...buffers },
    uniforms: { ...each(u32, { length, parts }), ...uniforms },
    workgroup: threads,
    grid: [1, 1, 1],
    declarations: sharedTotals(threads),
    iterations: loopIterations(Math.ceil(length / threads), loopIterations(parts)) + treeIterations(threads) +
      iterations,
    body: `  var total = 0.0;
  for (var at = thread; at < params.length; at += ${threads}u) {
    var value = 0.0;
    for (var part = 0u; part < params.parts; part++) { value += values[part * params.length + at]; }
${statements}
  }
${sumOfTotals(threads)}
  let sum = shared_totals[0];
${end}`,
  });
}
