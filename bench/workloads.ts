import { resolveConfig, type TrainConfig } from "../src/dcgan/options/config.ts";

/** A DCGAN of a certain size, as others are measured at. */
export interface Workload {
  /** Short name. */
  readonly name: string;
  /** The config of its training. */
  readonly config: TrainConfig;
}

/** Small: 32x32x1, 32 feature maps, batch 32. Middle: 64x64x3, 64 feature maps, batch 8. */
export const WORKLOADS: readonly Workload[] = [
  { name: "S", config: resolveConfig({ size: 32, channels: 1, ngf: 32, ndf: 32, batch: 32 }) },
  { name: "M", config: resolveConfig({ size: 64, channels: 3, ngf: 64, ndf: 64, batch: 8 }) },
];

/** Images drawn at once where sampling is measured. */
export const SAMPLING_BATCH = 64;

/** The workload of a name. */
export function workloadNamed(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (!found) {
    const names = WORKLOADS.map((workload) => workload.name).join(", ");
    throw new RangeError(`There is no workload '${name}': allowed are ${names}`);
  }
  return found;
}
