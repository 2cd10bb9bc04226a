import { type KernelPart, read, runKernel, u32, update } from "../gpu/kernel/run_kernel.ts";
import type { Tensor } from "../gpu/mod.ts";
import type { Network } from "./network.ts";
import { FAULTS } from "./optimizers/row_update.ts";

const THREADS = 64;

/** A network, and the faults of its optimizer: u32 `[1]`. */
type WatchedNetwork = readonly [network: Network, faults: Tensor];

/**
 * Sets the statistics bit in the faults of those networks of which a running variance is NaN or infinite. That of a running
 * mean follows from it: what is infinitely far from 0 varies infinitely. It is one launch for as much as a kernel can
 * bind.
 */
export function watchStatistics(watched: readonly WatchedNetwork[]): void {
  const variances = watched.flatMap(([network, faults]) =>
    [...network.statistics]
      .filter(([name]) => /(^|\.)running_var$/.test(name))
      .map(([, { tensor }]) => ({ tensor, faults }))
  );
  if (variances.length === 0) return;
  const { device } = variances[0]!.faults;
  const most = device.adapter.limits.maxStorageBuffersPerShaderStage;
  let some: Watched[] = [];
  for (const one of variances) {
    if (buffersOf([...some, one]) > most) {
      watch(some);
      some = [];
    }
    some.push(one);
  }
  watch(some);
}

/** A running variance, and where to raise a fault. */
interface Watched {
  readonly tensor: Tensor;
  readonly faults: Tensor;
}

function buffersOf(watched: readonly Watched[]): number {
  return watched.length + new Set(watched.map(({ faults }) => faults)).size;
}

function watch(watched: readonly Watched[]): void {
  const parts = [...Map.groupBy(watched, ({ faults }) => faults)].map(([faults, own], network) => {
    const names = own.map((_, position) => `values_${network}_${position}`);
    const part: KernelPart = {
      buffers: {
        ...Object.fromEntries(own.map(({ tensor }, i) => [names[i]!, read(tensor, "array<f32>")])),
        [`faults_${network}`]: update(faults, "array<atomic<u32>>"),
      },
      uniforms: Object.fromEntries(own.map(({ tensor }, i) => [`length_${names[i]}`, u32(tensor.size)])),
    };
    const body = `  var largest_${network} = 0u;
${names.map((name) => largestOf(name, `largest_${network}`)).join("\n")}
  if (largest_${network} >= 0x7f800000u) { atomicOr(&faults_${network}[0], ${FAULTS.statistics}u); }`;
    return { part, body };
  });
  runKernel(watched[0]!.faults.device, {
    label: "watch statistics",
    parts: parts.map(({ part }) => part),
    grid: [1, 1, 1],
    workgroup: THREADS,
    body: parts.map(({ body }) => body).join("\n"),
  });
}

function largestOf(values: string, largest: string): string {
  return `  for (var i = thread; i < params.length_${values}; i += ${THREADS}u) {
    ${largest} = max(${largest}, bitcast<u32>(${values}[i]) & 0x7fffffffu);
  }`;
}
