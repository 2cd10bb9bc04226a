import { type OpenDataset, openDataset } from "../../plugins/datasets/mod.ts";
import { type Device, TimestampsMissingError } from "../gpu/mod.ts";
import { Batches } from "./batches.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { openBatches } from "./open_batches.ts";
import { checkOptions, freeRunFolder, resolveConfig, type TrainConfig } from "./config.ts";
import type { StepMetrics, TrainEvent } from "./events.ts";
import { generateBytes } from "./generate.ts";
import { recallKernels } from "./kernel_memory.ts";
import type { KernelVariants } from "./kernel_variants.ts";
import type { TrainOptions } from "./options.ts";
import { openingEvents, type OpeningListener } from "./opening.ts";
import { Pace } from "./pace.ts";
import { plotMetrics } from "./plot.ts";
import { checkResumable, openRun, restoreRun, type ResumedRun } from "./resume.ts";
import { RunFolder } from "./run_folder.ts";
import { RunLock } from "./run_lock.ts";
import { StepProfiler } from "./step_profile.ts";
import { Trainer } from "./trainer.ts";
import { startWarnings } from "./start_warnings.ts";
import { tuneKernels } from "./tuning.ts";

/**
 * Trains a DCGAN, and tells what happens as it goes. Iterating drives the training; a script that stops iterating ends
 * it.
 *
 * In the run folder it leaves `config.json`, `metrics.jsonl` (the numbers of every step), `real.png`, `metrics.png`,
 * `samples/step-NNNNNN.png` (always the same latent vectors) and `checkpoints/step-NNNNNN/`; with the option `profile` also
 * `profile.json`. With the option `resume` it goes on with such a run.
 *
 * @throws {ConfigError} if an option does not hold.
 * @throws {Error} if the run to go on with is none, or has no checkpoint.
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if the run folder is in use.
 * @throws {F16NotSupportedError} if precision f16 is asked for, and the adapter has it not.
 *
 * @example
 * ```ts
 * import { openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * for await (const event of train(device, { size: 16, ngf: 8, ndf: 8, batch: 8, steps: 4, out })) {
 *   if (event.type === "metrics") console.log(event.step, event.generatorLoss);
 * }
 * ```
 */
export async function* train(
  device: Device,
  given: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  checkOptions(given);
  const resumed = given.resume === undefined ? undefined : await openRun(given.resume, given);
  using _resumedLock = resumed?.lock;
  const options = resumed?.options ?? given;
  if (options.precision === "f16") device.expectF16();
  const warnings: string[] = [];
  await using dataset = yield* openingEvents((listener) => openTrainingSet(options, listener, warnings));
  const resolved = resolveConfig(options, {
    channels: dataset.shape[2] as 1 | 3,
    length: dataset.length,
    out: options.out ?? await freeFolder(options.data ?? "faces"),
  });
  if (resumed) checkResumable(resumed, resolved);
  if (options.tune) {
    for await (const event of tuneKernels(device, resolved)) {
      options.signal?.throwIfAborted();
      yield event;
    }
  }
  using batches = openBatches(device, dataset, resolved, options.signal);
  const kernels = resumed?.kernels?.adapter === device.adapter.name
    ? resumed.kernels
    : await rememberedKernels(device, options.tune, warnings);
  using trainer = new Trainer(device, { ...resolved, kernels }, batches);
  const namedBy = resumed && kernels === resumed.kernels ? resumed.folder.path : undefined;
  warnings.push(...startWarnings(device, trainer, namedBy));
  const config = { ...resolved, kernels: trainer.kernels };
  const folder = resumed?.folder ?? await RunFolder.create(config);
  using _lock = resumed ? undefined : await RunLock.take(folder.path);
  if (resumed) await restoreRun(resumed, config, trainer);
  yield {
    type: "start",
    config,
    parameters: {
      generator: trainer.generator.parameterCount,
      discriminator: trainer.discriminator.parameterCount,
    },
    adapter: device.adapter.name,
    images: dataset.length,
    stepsBefore: trainer.steps,
  };
  using profiler = options.profile ? await startProfile(device, trainer, config.steps, warnings) : undefined;
  const run = new Run(config, folder, trainer, dataset, warnings, profiler);
  if (resumed) run.follows(resumed);
  yield* run.steps(options.signal);
}

/** The kernel variants that are remembered for an adapter; none where a run does not want them. */
async function rememberedKernels(
  device: Device,
  tune: boolean | undefined,
  warnings: string[],
): Promise<KernelVariants> {
  const { table, warning } = tune === false ? { table: new Map() } : await recallKernels(device);
  if (warning !== undefined) warnings.push(warning);
  return { adapter: device.adapter.name, variants: Object.fromEntries(table) };
}

/** A profiler; on adapters that cannot time kernels a warning in its place. */
async function startProfile(
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

/** Opens the dataset of a run. What it says once training has begun becomes a warning. */
async function openTrainingSet(
  options: TrainOptions,
  { report, progress }: OpeningListener,
  warnings: string[],
): Promise<OpenDataset> {
  let isOpen = false;
  const { data = "faces", dataRoot, dataOptions, size = 64, channels, dataTimeout, mirror, offline, signal } =
    options;
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

async function freeFolder(data: string): Promise<string> {
  const taken = new Set<string>();
  try {
    for await (const { name } of Deno.readDir("runs")) taken.add(`runs/${name}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return freeRunFolder(data, (path) => taken.has(path));
}

/** The loop of a run: steps, and between them whatever is due. */
class Run {
  #config: TrainConfig;
  #folder: RunFolder;
  #trainer: Trainer;
  #dataset: OpenDataset;
  #batches: Batches;
  #warnings: string[];
  #profiler: StepProfiler | undefined;
  #history: StepMetrics[] = [];
  #pace: Pace;
  #skipped = 0;
  /** Steps after which the latest were written: a run that is ended right there writes neither again. */
  #written = { samples: -1, checkpoint: -1 };

  constructor(
    config: TrainConfig,
    folder: RunFolder,
    trainer: Trainer,
    dataset: OpenDataset,
    warnings: string[],
    profiler: StepProfiler | undefined,
  ) {
    this.#config = config;
    this.#folder = folder;
    this.#trainer = trainer;
    this.#dataset = dataset;
    this.#warnings = warnings;
    this.#profiler = profiler;
    this.#batches = new Batches(dataset, config.batch, config.seed);
    this.#pace = new Pace(config.logEvery);
  }

  /** Says that this is the rest of a run. */
  follows({ checkpoint: { step }, history }: ResumedRun): void {
    for (const metrics of history.steps) this.#history.push(metrics);
    this.#written = { samples: step, checkpoint: step };
  }

  async *steps(signal: AbortSignal | undefined): AsyncGenerator<TrainEvent, void, void> {
    const { steps, out } = this.#config;
    const started = performance.now();
    yield* this.#takeWarnings();
    if (this.#trainer.steps === 0) await this.#writeReal(signal);
    while (this.#trainer.steps < steps && !signal?.aborted) {
      const until = Math.min(
        this.#trainer.steps + Math.min(this.#pace.steps, this.#trainer.room),
        this.#nextDue(),
      );
      yield* this.#advance(until, signal);
      if (this.#trainer.steps === this.#profiler?.last) yield* this.#tellProfile();
      if (this.#trainer.steps === steps || signal?.aborted) break;
      if (this.#isDue(this.#config.sampleEvery)) yield await this.#writeSamples();
      if (this.#isDue(this.#config.checkpointEvery)) yield await this.#writeCheckpoint();
      this.#pace.restart();
    }
    yield* this.#tellProfile();
    if (this.#written.samples < this.#trainer.steps) yield await this.#writeSamples();
    if (this.#written.checkpoint < this.#trainer.steps) yield await this.#writeCheckpoint();
    const seconds = (performance.now() - started) / 1000;
    const interrupted = this.#trainer.steps < steps;
    yield { type: "end", step: this.#trainer.steps, seconds, out, interrupted };
  }

  /** Runs steps without waiting, then waits once and tells the numbers. */
  async *#advance(until: number, signal: AbortSignal | undefined): AsyncGenerator<TrainEvent, void, void> {
    const first = this.#trainer.steps;
    while (this.#trainer.steps < until && !signal?.aborted) {
      try {
        if (this.#profiler?.includes(this.#trainer.steps + 1)) await this.#profiler.step();
        else await this.#trainer.next();
      } catch (error) {
        // A batch that is still being read is not waited for
        if (!signal?.aborted || error !== signal.reason) throw error;
      }
    }
    const numbers = await this.#trainer.metrics();
    const metrics = numbers.map((step, offset): StepMetrics => ({
      step: first + offset + 1,
      epoch: this.#batches.epochAfter(first + offset + 1),
      ...step,
    }));
    await this.#folder.appendMetrics(metrics);
    this.#history.push(...metrics);
    yield* this.#takeWarnings();
    const latest = metrics.at(-1);
    if (!latest) return;
    const speed = this.#pace.measure(metrics.length);
    yield {
      type: "metrics",
      ...latest,
      imagesPerSecond: speed * this.#config.batch,
      secondsLeft: (this.#config.steps - latest.step) / speed,
    };
  }

  /** The next step after which something is due. */
  #nextDue(): number {
    const { steps, sampleEvery, checkpointEvery } = this.#config;
    const after = (every: number) =>
      every === 0 ? Infinity : (Math.floor(this.#trainer.steps / every) + 1) * every;
    const profiled = this.#profiler && this.#trainer.steps < this.#profiler.last
      ? this.#profiler.last
      : Infinity;
    return Math.min(steps, after(sampleEvery), after(checkpointEvery), profiled);
  }

  #isDue(every: number): boolean {
    return every > 0 && this.#trainer.steps % every === 0;
  }

  async #writeReal(signal: AbortSignal | undefined): Promise<void> {
    const { size, channels, samples, seed } = this.#config;
    const count = Math.min(samples, this.#dataset.length);
    try {
      const bytes = await new Batches(this.#dataset, count, seed).read(0, signal);
      await this.#folder.writeGrid("real.png", bytes, size, channels);
    } catch (error) {
      // A picture is not worth waiting for
      if (!signal?.aborted || error !== signal.reason) throw error;
    }
  }

  async #writeSamples(): Promise<TrainEvent> {
    const { size, channels, samples, seed, latent, latentDistribution } = this.#config;
    const { generator, steps } = this.#trainer;
    const bytes = await generateBytes(generator, { count: samples, seed, latent, latentDistribution });
    const name = `samples/step-${`${steps}`.padStart(6, "0")}.png`;
    const path = await this.#folder.writeGrid(name, bytes, size, channels);
    await this.#folder.writePicture("metrics.png", plotMetrics(this.#history));
    this.#written.samples = steps;
    return { type: "samples", step: steps, path };
  }

  async #writeCheckpoint(): Promise<TrainEvent> {
    const { steps } = this.#trainer;
    const path = await writeCheckpoint(this.#folder.checkpoints, this.#trainer);
    this.#written.checkpoint = steps;
    return { type: "checkpoint", step: steps, path };
  }

  /** Tells what the profiler has found, once. */
  async *#tellProfile(): AsyncGenerator<TrainEvent, void, void> {
    const profile = await this.#profiler?.finish();
    this.#profiler = undefined;
    if (!profile) return;
    const path = await this.#folder.writeProfile(profile);
    yield { type: "profile", step: this.#trainer.steps, path, profile };
  }

  *#takeWarnings(): Generator<TrainEvent, void, void> {
    for (const message of this.#warnings.splice(0)) yield { type: "warning", message };
    const skipped = this.#dataset.skipped ?? [];
    for (const { name, reason } of skipped.slice(this.#skipped)) {
      yield { type: "warning", message: `Skipped ${name}: ${reason}` };
    }
    this.#skipped = skipped.length;
  }
}
