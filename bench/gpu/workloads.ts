import { type Workload, workloadNamed, WORKLOADS } from "../workloads.ts";

/** Batches that keep a graphics card busy, besides the workloads' own. */
const LARGER_BATCHES = [64, 128];

/** S and M as everywhere, and M at batches that people train with; only S for a smoke run. */
export function gpuWorkloads(smoke: boolean): Workload[] {
  if (smoke) return [workloadNamed("S")];
  const { config } = workloadNamed("M");
  return [
    ...WORKLOADS,
    ...LARGER_BATCHES.map((batch) => ({ name: `M${batch}`, config: { ...config, batch } })),
  ];
}
