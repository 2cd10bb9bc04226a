import type { OpenDataset } from "../../plugins/datasets/mod.ts";
import type { Device } from "../gpu/mod.ts";
import { Batches } from "./batches/batches.ts";
import { openBatches } from "./batches/open_batches.ts";
import { checkOptions, resolveConfig, type TrainConfig } from "./options/config.ts";
import type { StepMetrics, TrainEvent } from "./run/events.ts";
import { expectFits } from "./networks/adapter_limits.ts";
import { NonFiniteError, skippedUpdatesWarning } from "./numbers/non_finite.ts";
import { openingEvents } from "./batches/opening_listener.ts";
import type { TrainOptions } from "./options/options.ts";
import { Pace } from "./run/steps_per_wait.ts";
import { checkPictures, checkResumable, openRun, restoreRun } from "./run/resume.ts";
import { explainEnd, readNumbers } from "./numbers/bad_numbers.ts";
import { multipleAfter, nextSamples } from "./run/cadence.ts";
import { type FirstPictures, readFirstPictures } from "./run/first_pictures.ts";
import { History } from "./numbers/history.ts";
import { runId } from "./run/identity.ts";
import { RunKeeper } from "./run/keeper.ts";
import { NewRun } from "./run/new_run.ts";
import { RunPictures } from "./run/pictures.ts";
import { freeFolder, openTrainingSet, rememberedKernels, startProfile } from "./run/start.ts";
import type { RunFolder } from "./run/run_folder.ts";
import type { StepProfiler } from "./kernels/step_profile.ts";
import { Trainer } from "./trainer.ts";
import { startWarnings } from "./options/start_warnings.ts";
import { tuneKernels } from "./kernels/tuning.ts";

/**
 * Trains a DCGAN, and tells what happens as it goes. Iterating drives the training; a script that stops iterating
 * ends it, by `break` or by an error: what was learned until then is saved as a checkpoint before the loop is left, unless
 * it holds NaN or infinities. A run that fails by itself saves it too. Pictures that cannot be written are warnings.
 *
 * In the run folder it leaves `config.json`, `metrics.jsonl` (the numbers of every step), `real.png`, `metrics.png`,
 * `samples/step-NNNNNN.png` (always the same latent vectors) and `checkpoints/step-NNNNNN/`; with the option `profile` also
 * `profile.json`. With the option `resume` it goes on with such a run.
 *
 * @throws {ConfigError} if an option does not hold.
 * @throws {Error} if the run to go on with is none, or none of its checkpoints can be used.
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if the run folder is in use.
 * @throws {NonFiniteError} if a number became NaN or infinite, naming the first such step and the last good checkpoint.
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
  const { epochs: _, ...sizes } = options;
  expectFits(device, resolveConfig(sizes));
  const warnings: string[] = [];
  await using dataset = yield* openingEvents((listener) => openTrainingSet(options, listener, warnings));
  const resolved = resolveConfig(options, {
    channels: dataset.shape[2] as 1 | 3,
    length: dataset.length,
    out: options.out ?? await freeFolder(options.data ?? "faces"),
  });
  if (resumed) {
    checkResumable(resumed, resolved);
    warnings.push(...resumed.warnings);
  }
  if (options.tune) {
    for await (const event of tuneKernels(device, resolved)) {
      options.signal?.throwIfAborted();
      yield event;
    }
  }
  using batches = openBatches(device, dataset, resolved, options.signal);
  const kernels = resumed?.config.kernels?.adapter === device.adapter.name
    ? resumed.config.kernels
    : await rememberedKernels(device, options.tune, warnings);
  using trainer = new Trainer(device, { ...resolved, kernels }, batches);
  const namedBy = resumed && kernels === resumed.config.kernels ? resumed.folder.path : undefined;
  warnings.push(...startWarnings(device, trainer, namedBy));
  const first = await readFirstPictures(dataset, resolved, options.signal);
  if (resumed) checkPictures(resumed, first.fingerprint);
  const named = { ...resolved, pictures: first.fingerprint };
  const config = { ...named, run: resumed?.config.run ?? runId(named), kernels: trainer.kernels };
  using begun = resumed ? undefined : await NewRun.begin(config);
  const folder = resumed?.folder ?? begun!.folder;
  warnings.push(...begun?.warnings ?? []);
  if (resumed) warnings.push(...await restoreRun(resumed, config, trainer));
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
  const history = resumed?.metrics.history ?? new History();
  const before = resumed?.saved ?? -1;
  const run = new Run(config, folder, trainer, dataset, history, before, warnings, profiler);
  try {
    yield* run.steps(first, options.signal);
  } catch (error) {
    if (trainer.steps === 0) await begun?.discard();
    throw error;
  }
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
  #history: History;
  #pictures: RunPictures;
  #keeper: RunKeeper;
  #pace: Pace;
  #skipped = 0;
  /** Steps after which samples were drawn: a run that is ended right there draws none again. */
  #drawn: number;

  /** @param before Steps of the checkpoint that the run goes on from; -1 where there is none. */
  constructor(
    config: TrainConfig,
    folder: RunFolder,
    trainer: Trainer,
    dataset: OpenDataset,
    history: History,
    before: number,
    warnings: string[],
    profiler: StepProfiler | undefined,
  ) {
    this.#config = config;
    this.#folder = folder;
    this.#trainer = trainer;
    this.#dataset = dataset;
    this.#history = history;
    this.#warnings = warnings;
    this.#profiler = profiler;
    this.#batches = new Batches(dataset, config.batch, config.seed);
    this.#pictures = new RunPictures(config, folder);
    this.#pace = new Pace(config.logEvery);
    this.#drawn = before;
    this.#keeper = new RunKeeper(config, folder, trainer, before, warnings);
  }

  async *steps(
    first: FirstPictures,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<TrainEvent, void, void> {
    let failure: unknown;
    try {
      yield* this.#untilEnd(first, signal);
    } catch (error) {
      failure = await explainEnd(error, this.#trainer.steps, this.#config, this.#folder);
      throw failure;
    } finally {
      // Whoever stops listening, or fails, ends the run here. Numbers that went bad are not worth keeping
      if (!(failure instanceof NonFiniteError)) {
        await this.#keeper.saveRest().catch((error) => {
          if (failure === undefined) throw error;
        });
      }
    }
  }

  async *#untilEnd(
    first: FirstPictures,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<TrainEvent, void, void> {
    const { steps, out } = this.#config;
    const started = performance.now();
    yield* this.#takeWarnings();
    if (this.#trainer.steps === 0) yield* this.#pictures.writeReal(first);
    else if (await this.#lacksSamples()) yield* this.#writeSamples();
    while (this.#trainer.steps < steps && !signal?.aborted) {
      const until = Math.min(
        this.#trainer.steps + Math.min(this.#pace.steps, this.#trainer.room),
        this.#nextDue(this.#trainer.steps),
      );
      yield* this.#advance(until, signal);
      const done = this.#trainer.steps;
      if (done === this.#profiler?.last) yield* this.#tellProfile();
      if (done === steps || signal?.aborted) break;
      if (this.#nextCheckpoint(done - 1) === done) yield* this.#writeCheckpoint();
      if (this.#nextSamples(done - 1) === done) yield* this.#writeSamples();
      this.#pace.restart();
    }
    // What was learned first, then what shows it
    if (this.#keeper.saved < this.#trainer.steps) yield* this.#writeCheckpoint();
    yield* this.#tellProfile();
    if (this.#drawn < this.#trainer.steps) yield* this.#writeSamples();
    yield* this.#takeWarnings();
    const seconds = (performance.now() - started) / 1000;
    const interrupted = this.#trainer.steps < steps;
    yield { type: "end", step: this.#trainer.steps, seconds, out, interrupted };
  }

  /** Runs steps without waiting, then waits once and tells the numbers. */
  async *#advance(until: number, signal: AbortSignal | undefined): AsyncGenerator<TrainEvent, void, void> {
    const first = this.#trainer.steps;
    let failure: { readonly error: unknown } | undefined;
    while (this.#trainer.steps < until && !signal?.aborted) {
      try {
        if (this.#profiler?.includes(this.#trainer.steps + 1)) await this.#profiler.step();
        else await this.#trainer.next();
      } catch (error) {
        // A batch that is still being read is not waited for
        if (signal?.aborted && error === signal.reason) continue;
        // The steps before it are told, and saved
        failure = { error };
        break;
      }
    }
    const { numbers, bad } = await readNumbers(this.#trainer);
    const metrics = numbers.map((step, offset): StepMetrics => ({
      step: first + offset + 1,
      epoch: this.#batches.epochAfter(first + offset + 1),
      ...step,
    }));
    for (const step of metrics) this.#history.add(step);
    await this.#keeper.keepMetrics(metrics);
    const skipped = skippedUpdatesWarning(metrics);
    if (skipped) this.#warnings.push(skipped);
    yield* this.#takeWarnings();
    if (bad) throw bad;
    if (failure) throw failure.error;
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
  #nextDue(done: number): number {
    const profiled = this.#profiler && done < this.#profiler.last ? this.#profiler.last : Infinity;
    return Math.min(this.#config.steps, this.#nextSamples(done), this.#nextCheckpoint(done), profiled);
  }

  #nextSamples(done: number): number {
    return nextSamples(done, this.#config.steps, this.#config.sampleEvery);
  }

  /** Whether the process was killed between the checkpoint that this run goes on from and the samples of that step. */
  async #lacksSamples(): Promise<boolean> {
    const done = this.#trainer.steps;
    return this.#nextSamples(done - 1) === done && !await this.#pictures.hasSamples(done);
  }

  #nextCheckpoint(done: number): number {
    const { checkpointEvery } = this.#config;
    return checkpointEvery === 0 ? Infinity : multipleAfter(done, checkpointEvery);
  }

  async *#writeSamples(): AsyncGenerator<TrainEvent, void, void> {
    this.#drawn = this.#trainer.steps;
    yield* this.#pictures.writeSamples(this.#trainer, this.#history);
  }

  async *#writeCheckpoint(): AsyncGenerator<TrainEvent, void, void> {
    const { steps } = this.#trainer;
    const path = await this.#keeper.save();
    yield* this.#takeWarnings();
    yield { type: "checkpoint", step: steps, path };
  }

  /** Tells what the profiler has found, once. */
  async *#tellProfile(): AsyncGenerator<TrainEvent, void, void> {
    const profile = await this.#profiler?.finish();
    this.#profiler = undefined;
    if (!profile) return;
    try {
      const path = await this.#folder.writeProfile(profile);
      yield { type: "profile", step: this.#trainer.steps, path, profile };
    } catch (error) {
      yield { type: "warning", message: (error as Error).message };
    }
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
