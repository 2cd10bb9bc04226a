import type { TrainConfig } from "../src/dcgan/options/config.ts";
import type { OpenDataset } from "../plugins/datasets/mod.ts";
import { ResidentPictures } from "../src/dcgan/batches/resident_pictures.ts";
import { type Device, openDevice } from "../src/gpu/mod.ts";
import { lengthOf, sidesOf } from "../src/pictures/mod.ts";
import { type CallCounts, countCalls } from "./call_counts.ts";
import { type Footprint, openTrainer } from "./footprint.ts";
import { type Effort, measureCases, type Measured, type Measurement } from "./measure.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { stepWork } from "./work.ts";
import type { Workload } from "./workloads.ts";

/** Steps whose time on the host is measured, each alone. */
const HOST_STEPS = 10;

/** Batches in a pass over the pictures that are trained on. */
const BATCHES = 8;

/** What training a workload costs. */
export interface TrainingResult extends Measurement {
  /** Milliseconds that the host takes to encode and submit a step, while the adapter is idle. */
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
  using pictures = await fillPictures(device, config);
  const { trainer, footprint } = openTrainer(device, config, pictures);
  using _trainer = trainer;
  // With all pictures on the GPU there is nothing to wait for: the step is submitted before the promise is there.
  const step = (): void => void trainer.next();
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

/** As many pictures as {@linkcode BATCHES} steps want, all of them on the GPU, as a run has them after its first pass. */
async function fillPictures(device: Device, config: TrainConfig): Promise<ResidentPictures> {
  const { batch, channels } = config;
  const { width, height } = sidesOf(config.size);
  const dataset: OpenDataset = {
    name: "noise",
    labels: {},
    skipped: [],
    length: BATCHES * batch,
    shape: [height, width, channels],
    read: (indices, out) => {
      const pixels = anyPixels({ ...config, batch: indices.length });
      return Promise.resolve(out.set(pixels));
    },
    nativeSize: () => Promise.resolve(Math.min(width, height)),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const pictures = new ResidentPictures(device, dataset, config);
  for (let step = 0; pictures.missing > 0; step++) await pictures.prepare(step);
  return pictures;
}

/** A batch of pictures whose content does not matter, the same every time. */
export function anyPixels(config: TrainConfig): Uint8Array {
  const length = config.batch * lengthOf(config);
  return Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
}
