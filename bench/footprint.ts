import type { BatchSource } from "../src/dcgan/batches/batch_source.ts";
import type { TrainConfig } from "../src/dcgan/options/config.ts";
import { Trainer } from "../src/dcgan/trainer.ts";
import { type Device, openDevice } from "../src/gpu/mod.ts";
import type { Workload } from "./workloads.ts";

/** Memory on the GPU that training takes. */
export interface Footprint {
  /** Images in a step. */
  readonly batch: number;
  /** Bytes of all buffers: parameters, optimizers, inputs, temporaries. */
  readonly gpuBytes: number;
  /** Bytes of the buffers for temporaries. */
  readonly temporaryBytes: number;
  /** The least that temporaries could take: all that are needed at the worst moment of a step. */
  readonly livenessBytes: number;
}

/** A trainer, and the memory that it has taken; that of the pictures is not counted. */
export function openTrainer(
  device: Device,
  config: TrainConfig,
  pictures?: BatchSource,
): { trainer: Trainer; footprint: Footprint } {
  const before = device.ledger.read().bytes;
  const trainer = new Trainer(device, config, pictures);
  const { temporaryBytes, livenessBytes } = trainer.program.stats;
  const gpuBytes = device.ledger.read().bytes - before;
  return { trainer, footprint: { batch: config.batch, gpuBytes, temporaryBytes, livenessBytes } };
}

/** The footprint of a workload at another batch size; it is planned, not run. */
export async function footprintAt({ config }: Workload, batch: number): Promise<Footprint> {
  using device = await openDevice();
  const { trainer, footprint } = openTrainer(device, { ...config, batch });
  trainer[Symbol.dispose]();
  return footprint;
}
