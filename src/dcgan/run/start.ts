import { host } from "../../host/host.ts";
import { type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { type Device, TimestampsMissingError } from "../../gpu/mod.ts";
import { freeRunFolder, type TrainConfig } from "../options/config.ts";
import { recallKernels } from "../kernels/kernel_memory.ts";
import type { KernelVariants } from "../kernels/kernel_variants.ts";
import type { OpeningListener } from "../batches/opening_listener.ts";
import type { TrainOptions } from "../options/options.ts";
import { StepProfiler } from "../kernels/step_profile.ts";
import type { Trainer } from "../trainer.ts";

/** Opens the dataset of a run. What it says once training has begun becomes a warning. */
export async function openTrainingSet(
  { data, size }: Pick<TrainConfig, "data" | "size">,
  options: TrainOptions,
  { report, progress }: OpeningListener,
  warnings: string[],
): Promise<OpenDataset> {
  let isOpen = false;
  const { dataRoot, dataOptions, channels, dataTimeout, mirror, offline, signal } = options;
  const dataset = await openDataset(data, {
    size,
    ...(channels === undefined ? {} : { channels }),
    ...(dataRoot === undefined ? {} : { data: dataRoot }),
    ...(dataOptions === undefined ? {} : { options: dataOptions }),
    ...(dataTimeout === undefined ? {} : { timeLimit: dataTimeout }),
    ...(mirror === undefined ? {} : { mirrors: [mirror] }),
    ...(offline === undefined ? {} : { offline }),
    ...(signal === undefined ? {} : { signal }),
    report: (message) => isOpen ? void warnings.push(message) : report(message),
    progress,
  });
  isOpen = true;
  return dataset;
}

/** The run folder of a run that names none. */
export async function freeFolder(data: string): Promise<string> {
  const taken = new Set<string>();
  try {
    for await (const { name } of host().readDir("runs")) taken.add(`runs/${name}`);
  } catch (error) {
    if (host().problemOf(error) !== "NotFound") throw error;
  }
  return freeRunFolder(data, (path) => taken.has(path));
}

/** The kernel variants that a resumed run keeps; undefined if it keeps none. */
export function keptKernels(
  device: Device,
  before: TrainConfig | undefined,
  { batch, accumulate, shards }: TrainConfig,
): KernelVariants | undefined {
  // With batches of another size, all kernels are others
  const isSame = before?.batch === batch && before.accumulate === accumulate && before.shards === shards;
  return isSame && before.kernels?.adapter === device.adapter.name ? before.kernels : undefined;
}

/** The kernel variants that are remembered for an adapter; none if a run does not want them. */
export async function rememberedKernels(
  device: Device,
  tune: boolean | undefined,
  warnings: string[],
): Promise<KernelVariants> {
  const { table, warning } = tune === false ? { table: new Map() } : await recallKernels(device);
  if (warning !== undefined) warnings.push(warning);
  return { adapter: device.adapter.name, variants: Object.fromEntries(table) };
}

/** A profiler; on adapters that cannot time kernels a warning in its place. */
export async function startProfile(
  device: Device,
  trainer: Trainer,
  steps: number,
  warnings: string[],
): Promise<StepProfiler | undefined> {
  try {
    return await StepProfiler.on(device, trainer, steps);
  } catch (error) {
    if (!(error instanceof TimestampsMissingError)) throw error;
    warnings.push(error.message);
    return undefined;
  }
}
