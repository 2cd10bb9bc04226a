import { resolveConfig } from "../../src/dcgan/options/config.ts";
import type { TrainEvent } from "../../src/dcgan/run/events.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { train } from "../../src/dcgan/train.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { encodeSafetensors, stateDict, type TensorData } from "../../src/nn/mod.ts";
import { randomValues } from "../support/random.ts";

/** Options of a run that takes milliseconds a step, and leaves the same files each time. */
export const tiny = {
  size: 16,
  ngf: 4,
  ndf: 4,
  latent: 8,
  batch: 4,
  samples: 4,
  seed: 3,
  scoreEvery: 0,
  report: false,
} as const;

/** Bytes of one of its pictures. */
const PICTURE_BYTES = 16 * 16 * 3;

/** A trainer of tiny networks. */
export function makeTrainer(device: Device, options: TrainOptions = {}): Trainer {
  return new Trainer(device, resolveConfig({ ...tiny, ...options }));
}

/** The pictures of a step, made of noise. */
export function batchOf(step: number): Uint8Array {
  return Uint8Array.from(randomValues(tiny.batch * PICTURE_BYTES, step + 1, [0, 256]));
}

/** Runs steps, each on the pictures of its number. */
export function runSteps(trainer: Trainer, count: number): void {
  for (let i = 0; i < count; i++) trainer.step(batchOf(trainer.steps));
}

/** All that the next step depends on, as bytes: weights, statistics, optimizers, counter. */
export async function bytesOf(trainer: Trainer): Promise<Uint8Array> {
  const { generator, discriminator } = trainer;
  const state = [...trainer.state()];
  const values = await generator.values.device.read(state.map(([, tensor]) => tensor));
  const tensors = new Map<string, TensorData>();
  for (const [prefix, network] of Object.entries({ generator, discriminator })) {
    for (const [name, tensor] of await stateDict(network)) tensors.set(`${prefix}.${name}`, tensor);
  }
  for (const [position, [name, { shape }]] of state.entries()) {
    const data = new Uint8Array(values[position]!.buffer);
    tensors.set(name, { dtype: "U8", shape: [data.length / shape[0]!, ...shape], data });
  }
  return encodeSafetensors(tensors);
}

/** Trains a tiny run to its end, and gives what it told. */
export async function trainTiny(device: Device, options: TrainOptions): Promise<TrainEvent[]> {
  return await Array.fromAsync(train(device, { ...tiny, ...options }));
}

/** The type of an event and its step, if it has one. */
export function brief(event: TrainEvent): string {
  return "step" in event ? `${event.type} ${event.step}` : event.type;
}

/** Bytes on the GPU, without those that only wait to be used again. */
export function heldBytes(device: Device): number {
  device.trim();
  return device.ledger.read().bytes;
}

export { namesIn, withFolder } from "../support/temp_folder.ts";
