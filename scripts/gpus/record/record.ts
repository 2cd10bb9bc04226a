import { SAMPLING_BATCH } from "../../../bench/workloads.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { drawLatent } from "../../../src/dcgan/networks/latent.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import { STREAMS } from "../../../src/dcgan/streams.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { type Device, quantizeImages, VariantScope } from "../../../src/gpu/mod.ts";
import type { TakenVariant } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import type { Kernel } from "../../../src/gpu/kernel/kernel.ts";
import type { Launch } from "../../../src/gpu/kernel/launch.ts";
import { Network } from "../../../src/nn/mod.ts";
import { type Card, recordingDevice } from "./cards.ts";
import type { CardWorkload } from "./workloads.ts";

/** Elements of the tensors of a run. */
export type Precision = "f32" | "f16";

/** What a card would run. */
export interface Recorded {
  /** The launches of one step, or of one batch of samples. */
  readonly launches: readonly Launch[];
  /** The sums of products among them, and by which variants they are computed. */
  readonly contractions: readonly TakenVariant[];
}

/** Records what the module runs on a card, without a GPU. */
export function record(card: Card, { kind, config }: CardWorkload, precision: Precision): Recorded {
  using device = recordingDevice(card);
  using scope = new VariantScope(device);
  const launches = kind === "training"
    ? trainingLaunches(device, { ...config, precision })
    : samplingLaunches(device, { ...config, precision });
  return { launches, contractions: [...scope.taken.values()] };
}

function trainingLaunches(device: Device, config: TrainConfig): Launch[] {
  using trainer = new Trainer(device, config);
  return trainer.program.launches.map(({ launch }) => launch);
}

/** The generator in evaluation mode, from random numbers to bytes. It draws in f32, whatever it was trained in. */
function samplingLaunches(device: Device, config: TrainConfig): Launch[] {
  using generator = new Network(device, createGenerator(config), { seed: 1 });
  using program = device.program({}, () => {
    const source = { seed: 1, stream: STREAMS.samples, counter: 0 };
    const z = drawLatent(device, SAMPLING_BATCH, config.latent, config.latentDistribution, source);
    return quantizeImages(generator.forward(z, { training: false }));
  });
  return program.launches.map(({ launch }) => launch);
}

/** Threads of a workgroup of a kernel. */
export function workgroupSize({ code, label }: Kernel): number {
  const [, ...sides] = code.match(/@workgroup_size\((\d+), (\d+), (\d+)\)/) ?? [];
  if (sides.length === 0) throw new Error(`Kernel '${label}' says no size of its workgroups`);
  return sides.reduce((product, side) => product * Number(side), 1);
}

/** Threads that a launch starts. */
export function threadsOf({ kernel, workgroups: [x, y, z] }: Launch): number {
  return x * y * z * workgroupSize(kernel);
}
