import { read, runKernel, u32, update } from "../gpu/kernel/run_kernel.ts";
import type { Tensor } from "../gpu/mod.ts";
import type { Network } from "./network.ts";
import { FAULTS } from "./optimizers/row_update.ts";

/** WebGPU promises 8 buffers a kernel: the faults and this many. */
const MOST = 7;
const THREADS = 64;

/**
 * Sets the statistics bit in `faults` if a running variance of the network is NaN or infinite. That of a running
 * mean follows from it: what is infinitely far from 0 varies infinitely.
 */
export function watchStatistics(network: Network, faults: Tensor): void {
  const variances = [...network.statistics]
    .filter(([name]) => /(^|\.)running_var$/.test(name))
    .map(([, { tensor }]) => tensor);
  for (let first = 0; first < variances.length; first += MOST) {
    watch(variances.slice(first, first + MOST), faults);
  }
}

function watch(tensors: readonly Tensor[], faults: Tensor): void {
  const names = tensors.map((_, position) => `values_${position}`);
  const values = tensors.map((tensor, i) => [names[i]!, read(tensor, "array<f32>")] as const);
  const lengths = tensors.map(({ size }, i) => [`length_${names[i]}`, u32(size)] as const);
  runKernel(faults.device, {
    label: "watch statistics",
    buffers: { ...Object.fromEntries(values), faults: update(faults, "array<atomic<u32>>") },
    uniforms: Object.fromEntries(lengths),
    grid: [1, 1, 1],
    workgroup: THREADS,
    body: `  var largest = 0u;
${
      names.map((name) =>
        `  for (var i = thread; i < params.length_${name}; i += ${THREADS}u) {
    largest = max(largest, bitcast<u32>(${name}[i]) & 0x7fffffffu);
  }`
      ).join("\n")
    }
  if (largest >= 0x7f800000u) { atomicOr(&faults[0], ${FAULTS.statistics}u); }`,
  });
}
