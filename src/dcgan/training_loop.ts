import type { OpenDataset } from "../../plugins/datasets/mod.ts";
import { Batches } from "./batches/batches.ts";
import type { StepProfiler } from "./kernels/step_profile.ts";
import { explainEnd, readNumbers } from "./numbers/bad_numbers.ts";
import type { History } from "./numbers/history.ts";
import { NonFiniteError, skippedUpdatesWarning } from "./numbers/non_finite.ts";
import type { TrainConfig } from "./options/config.ts";
import { multipleAfter, nextSamples } from "./run/cadence.ts";
import type { StepMetrics, TrainEvent } from "./run/events.ts";
import type { FirstPictures } from "./run/first_pictures.ts";
import { RunKeeper } from "./run/keeper.ts";
import { RunPictures } from "./run/pictures.ts";
import type { RunFolder } from "./run/run_folder.ts";
import { Pace } from "./run/steps_per_wait.ts";
import type { Trainer } from "./trainer.ts";

/** What a run is made of once it is planned. */
export interface RunParts {
  /** Its settings. */
  readonly config: TrainConfig;
  /** Where it is written. */
  readonly folder: RunFolder;
  /** Its networks and their step. */
  readonly trainer: Trainer;
  /** Its images. */
  readonly dataset: OpenDataset;
  /** The numbers of earlier steps. */
  readonly history: History;
  /** Steps of the checkpoint that it is resumed from; -1 without one. */
  readonly before: number;
  /** What the user should know, to be reported with the next event. */
  readonly warnings: string[];
  /** Times some of its steps. */
  readonly profiler: StepProfiler | undefined;
}

/** The loop of a run: steps, and between them whatever is due. */
export class TrainingLoop {
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

  /** Of a planned run. */
  constructor({ config, folder, trainer, dataset, history, before, warnings, profiler }: RunParts) {
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

  /** Runs to the end, or until the signal aborts. */
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
      // A script that leaves its loop, or fails, ends the run here. Numbers that went bad are not worth keeping
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
      if (done === this.#profiler?.last) yield* this.#reportProfile();
      if (done === steps || signal?.aborted) break;
      if (this.#nextCheckpoint(done - 1) === done) yield* this.#writeCheckpoint();
      if (this.#nextSamples(done - 1) === done) yield* this.#writeSamples();
      this.#pace.restart();
    }
    // What was learned first, then what shows it
    if (this.#keeper.saved < this.#trainer.steps) yield* this.#writeCheckpoint();
    yield* this.#reportProfile();
    if (this.#drawn < this.#trainer.steps) yield* this.#writeSamples();
    yield* this.#takeWarnings();
    const seconds = (performance.now() - started) / 1000;
    const interrupted = this.#trainer.steps < steps;
    yield { type: "end", step: this.#trainer.steps, seconds, out, interrupted };
  }

  /** Runs steps without waiting, then waits once and reports the numbers. */
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
        // The steps before it are reported, and saved
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

  /** Whether the process was killed between the checkpoint that this run is resumed from and the samples of that step. */
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

  /** Reports what the profiler has found, once. */
  async *#reportProfile(): AsyncGenerator<TrainEvent, void, void> {
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
