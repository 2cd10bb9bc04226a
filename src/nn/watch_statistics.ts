import { defineKernel } from "../gpu/kernel/kernel.ts";
import type { Tensor } from "../gpu/mod.ts";
import type { Network } from "./network.ts";
import { FAULTS } from "./optimizers/row_update.ts";

/** WebGPU promises 8 buffers a kernel: the faults and this many. */
const MOST = 7;
const THREADS = 64;

/**
 * Raises the bit of statistics in `faults` where a running variance of the network is NaN or infinite. That of a running
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
  const kernel = defineKernel({
    label: "watch statistics",
    bindings: {
      ...Object.fromEntries(names.map((name) => [name, ["read", "array<f32>"] as const])),
      faults: ["update", "array<atomic<u32>>"],
    },
    uniforms: Object.fromEntries(names.map((name) => [`length_${name}`, "u32" as const])),
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
  faults.device.launch(
    kernel,
    { ...Object.fromEntries(names.map((name, position) => [name, tensors[position]!])), faults },
    Object.fromEntries(names.map((name, position) => [`length_${name}`, tensors[position]!.size])),
    [1, 1, 1],
  );
}
