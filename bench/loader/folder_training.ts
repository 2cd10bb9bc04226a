import { openDataset } from "../../plugins/datasets/mod.ts";
import { openBatches } from "../../src/dcgan/batches/open_batches.ts";
import { ResidentPictures } from "../../src/dcgan/batches/resident_pictures.ts";
import { StreamedPictures } from "../../src/dcgan/batches/streamed_pictures.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { openDevice, Stopwatch } from "../../src/gpu/mod.ts";
import { type Spread, spreadOf } from "../spread.ts";
import { workloadNamed } from "../workloads.ts";

/** Training whose pictures come in some way, beside training whose pictures are all on the GPU. */
export interface FolderTrainingResult {
  /** How they come. */
  readonly way: string;
  /** Images a second. */
  readonly imagesPerSecond: Spread;
  /** What part that is of training with all pictures on the GPU, measured right before and right after it. */
  readonly share: Spread;
  /** Milliseconds that the host takes for a step, waits for pictures included, while the adapter is idle. */
  readonly hostMilliseconds: Spread;
}

/** The ways, and whether all pictures are uploaded before. The first is what others are compared with. */
const WAYS = [
  { way: "on the GPU", gpuDataMemory: 1024, filled: true },
  { way: "folder, first pass: decoded and uploaded", gpuDataMemory: 1024, filled: false },
  { way: "folder, too large for the GPU: uploaded in each step", gpuDataMemory: 0, filled: false },
] as const;

/** Steps of each way whose time on the host is measured, each alone. */
const HOST_STEPS = 10;

/**
 * Trains the small workload on the same folder in three ways, in turns. The folder must hold more pictures than the steps
 * of all rounds want, so that the first pass does not end.
 *
 * @param seconds Length of one measurement.
 */
export async function measureFolderTraining(
  folder: string,
  rounds: number,
  seconds: number,
): Promise<FolderTrainingResult[]> {
  using device = await openDevice();
  await using stack = new AsyncDisposableStack();
  const trainers: Trainer[] = [];
  for (const { gpuDataMemory, filled } of WAYS) {
    const config = { ...workloadNamed("S").config, gpuDataMemory };
    const { size, channels } = config;
    const dataset = await openDataset(folder, { size, channels, options: { cache: "never" } });
    stack.use(dataset);
    const batches = stack.use(openBatches(device, dataset, config));
    if (!(batches instanceof (gpuDataMemory === 0 ? StreamedPictures : ResidentPictures))) {
      throw new Error(`The pictures of ${folder} do not lie where the bench wants them`);
    }
    for (let step = 0; filled && batches instanceof ResidentPictures && batches.missing > 0; step++) {
      await batches.prepare(step);
    }
    trainers.push(stack.use(new Trainer(device, config, batches)));
  }
  const stopwatch = await Stopwatch.on(device);
  const run = async (way: number, steps: number): Promise<number> => {
    const start = performance.now();
    for (let step = 0; step < steps; step++) await trainers[way]!.next();
    await device.settled();
    return Math.max(performance.now() - start - stopwatch.idle, 1e-3) / steps;
  };
  for (const way of WAYS.keys()) await run(way, 1);
  const steps = Math.max(1, Math.round(seconds * 1000 / await run(0, 1)));
  const times: number[][] = WAYS.map(() => []);
  const shares: number[][] = WAYS.map(() => []);
  times[0]!.push(await run(0, steps));
  for (let round = 0; round < rounds; round++) {
    for (const way of WAYS.keys()) {
      if (way === 0) continue;
      const [before, time, after] = [times[0]!.at(-1)!, await run(way, steps), await run(0, steps)];
      times[way]!.push(time);
      times[0]!.push(after);
      shares[way]!.push((before + after) / 2 / time);
    }
  }
  const host: number[][] = WAYS.map(() => []);
  for (let step = 0; step < (seconds === 0 ? 1 : HOST_STEPS); step++) {
    for (const way of WAYS.keys()) {
      const start = performance.now();
      await trainers[way]!.next();
      host[way]!.push(performance.now() - start);
      await device.settled();
    }
  }
  const { batch } = workloadNamed("S").config;
  return WAYS.map(({ way }, i) => ({
    way,
    imagesPerSecond: spreadOf(times[i]!.map((milliseconds) => batch * 1000 / milliseconds)),
    share: spreadOf(i === 0 ? [1] : shares[i]!),
    hostMilliseconds: spreadOf(host[i]!),
  }));
}
