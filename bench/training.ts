import type { TrainConfig } from "../src/dcgan/config.ts";
import { openDevice } from "../src/gpu/mod.ts";
import { type CallCounts, countCalls } from "./call_counts.ts";
import { type Footprint, openTrainer } from "./footprint.ts";
import { type Effort, measureCases, type Measured, type Measurement } from "./measure.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { stepWork } from "./work.ts";
import type { Workload } from "./workloads.ts";

/** Steps whose time on the host is measured, each alone. */
const HOST_STEPS = 10;

/** What training a workload costs. */
export interface TrainingResult extends Measurement {
  /** Milliseconds that the host takes to upload a batch, encode and submit, while the adapter is idle. */
  readonly hostMilliseconds: Spread;
  /** Kernel launches a step. */
  readonly launches: number;
  /** What a step asks of WebGPU. */
  readonly calls: CallCounts;
  /** Its memory. */
  readonly footprint: Footprint;
}

/** Measures the product's own training step, on a device of its own so that its memory is counted alone. */
export async function measureTraining(
  { name, config }: Workload,
  effort: Effort,
): Promise<{ result: TrainingResult; measured: Measured }> {
  using device = await openDevice();
  const { trainer, footprint } = openTrainer(device, config);
  using _trainer = trainer;
  const pixels = anyPixels(config);
  const step = (): void => trainer.step(pixels);
  const work = stepWork(config).training * config.batch;
  const training = { name: `${name} training`, work, images: config.batch, run: step };
  const measured = await measureCases(device, [training], effort);
  const hostMilliseconds: number[] = [];
  for (let i = 0; i < (effort.seconds === 0 ? 1 : HOST_STEPS); i++) {
    const start = performance.now();
    step();
    hostMilliseconds.push(performance.now() - start);
    await device.settled();
  }
  const calls = countCalls(device, step);
  await device.settled();
  const result: TrainingResult = {
    ...measured.measurements[0]!,
    hostMilliseconds: spreadOf(hostMilliseconds),
    launches: trainer.program.stats.launches,
    calls,
    footprint,
  };
  return { result, measured };
}

/** A batch of pictures whose content does not matter, the same every time. */
export function anyPixels({ batch, size, channels }: TrainConfig): Uint8Array {
  const length = batch * size * size * channels;
  return Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
}
