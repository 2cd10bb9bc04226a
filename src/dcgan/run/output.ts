import { GpuOutOfMemoryError, GpuValidationError } from "../../gpu/mod.ts";
import type { StepProfiler } from "../kernels/step_profile.ts";
import { longKernelWarning } from "../kernels/long_kernel.ts";
import { Batches } from "../batches/batches.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { readNumbers } from "../numbers/bad_numbers.ts";
import { NonFiniteError, skippedUpdatesWarning } from "../numbers/non_finite.ts";
import type { StepNumbers } from "../numbers/step_numbers.ts";
import { RunObserver } from "../telemetry/run_observer.ts";
import { Schedule } from "./cadence.ts";
import type { MetricsEvent, StepMetrics, TrainEvent } from "./events.ts";
import { RunKeeper } from "./keeper.ts";
import { RunPictures } from "./pictures.ts";
import type { RunPlan } from "./plan.ts";
import { RunReport } from "../report/run_report.ts";
import { RunScoring } from "./scoring.ts";

/** Whether the networks are not worth keeping: numbers went bad, or the GPU did not do all that it was told to. */
function spoils(failure: unknown): boolean {
  return [NonFiniteError, GpuValidationError, GpuOutOfMemoryError].some((kind) => failure instanceof kind);
}

/** What a run writes and reports between its steps. */
export class RunOutput implements Disposable {
  /** When samples and checkpoints are due. */
  readonly schedule: Schedule;
  #run: RunPlan;
  #profiler: StepProfiler | undefined;
  #batches: Batches;
  #pictures: RunPictures;
  #keeper: RunKeeper;
  #scoring: RunScoring;
  #observer: RunObserver;
  #report: RunReport | undefined;
  #skipped = 0;
  #isSlowTold = false;
  /** Step after which samples were last drawn: a run that ends right there draws none again. */
  #drawn: number;

  /** Of a planned run. */
  constructor(run: RunPlan, profiler: StepProfiler | undefined) {
    const { config, folder, trainer, dataset, saved, warnings } = run;
    this.schedule = new Schedule(config);
    this.#run = run;
    this.#profiler = profiler;
    this.#batches = new Batches(dataset, imagesInStep(config), config.seed);
    this.#pictures = new RunPictures(config, folder);
    this.#keeper = new RunKeeper(config, folder, trainer, saved, warnings);
    this.#scoring = new RunScoring(run);
    this.#observer = new RunObserver(run);
    this.#report = run.report ? new RunReport(folder, (message) => warnings.push(message)) : undefined;
    this.#drawn = saved;
  }

  /** Whether the run is to end because its scores no longer improve. */
  get isFlat(): boolean {
    return this.#scoring.isFlat;
  }

  /** Before the first step: the real pictures, or the samples that a killed process left unwritten. */
  async *begin(): AsyncGenerator<TrainEvent, void, void> {
    const { trainer: { steps }, first } = this.#run;
    await this.#observer.begin(steps);
    yield* this.warnings();
    if (steps === 0) yield* this.#pictures.writeReal(first);
    yield* this.#scoring.begin();
    yield* this.warnings();
    if (steps === 0) return;
    if (this.#run.config.scoreEvery && this.schedule.hasScore(steps)) yield* this.score(0);
    // Their plot shows the scores
    if (this.schedule.hasSamples(steps) && !await this.#pictures.hasSamples(steps)) yield* this.samples();
  }

  /** Keeps the numbers of steps, and returns them with their place in the run. */
  async *numbers(
    first: number,
    numbers: readonly StepNumbers[],
  ): AsyncGenerator<TrainEvent, StepMetrics[], void> {
    const metrics = await this.#keep(first, numbers);
    const skipped = skippedUpdatesWarning(metrics);
    if (skipped) this.#run.warnings.push(skipped);
    this.#warnOfLongKernel();
    yield* this.warnings();
    for (const step of metrics) yield* this.#scoring.step(step);
    await this.#report?.writeIfDue();
    return metrics;
  }

  /** Writes samples, and the plot if it is due. */
  async *samples(): AsyncGenerator<TrainEvent, void, void> {
    const { trainer, history, config } = this.#run;
    this.#drawn = trainer.steps;
    for await (const event of this.#pictures.writeSamples(trainer)) {
      if (event.type === "samples") await this.#observer.samples(event);
      yield event;
    }
    // The last plot shows the last score
    if (trainer.steps < config.steps) yield* this.#pictures.writePlotIfDue(history, this.#scoring.scored);
    await this.#report?.writeFirst();
  }

  /**
   * Reports how far the run has come.
   *
   * @param images How many were trained on since the last report.
   */
  async *metrics(event: MetricsEvent, images: number): AsyncGenerator<TrainEvent, void, void> {
    await this.#observer.metrics(event, images);
    yield event;
  }

  /**
   * Scores the samples, if a score is wanted now.
   *
   * @param perStep Seconds of a step.
   */
  async *score(perStep: number): AsyncGenerator<TrainEvent, void, void> {
    if (this.#scoring.isWanted(perStep)) yield* this.#score();
  }

  async *#score(): AsyncGenerator<TrainEvent, void, void> {
    for await (const event of this.#scoring.score(() => this.checkpoint())) {
      if (event.type === "score") await this.#observer.scores(event);
      yield event;
    }
  }

  /** Keeps the averages of the latest step. */
  async keepAverages(): Promise<void> {
    await this.#keeper.keepAverages();
  }

  /** Writes a checkpoint, if the latest step has none. */
  async *checkpoint(): AsyncGenerator<TrainEvent, void, void> {
    const step = this.#run.trainer.steps;
    if (this.#keeper.saved === step) return;
    const path = await this.#save();
    yield* this.warnings();
    yield { type: "checkpoint", step, path };
  }

  /** Reports what the profiler found, once. */
  async *profile(): AsyncGenerator<TrainEvent, void, void> {
    const { trainer, folder } = this.#run;
    const profile = await this.#profiler?.finish();
    this.#profiler = undefined;
    if (!profile) return;
    try {
      const path = await folder.writeProfile(profile);
      yield { type: "profile", step: trainer.steps, path, profile };
    } catch (error) {
      yield { type: "warning", message: (error as Error).message };
    }
  }

  /**
   * After the last step: what was learned first, then what shows it.
   *
   * @param seconds How long the run took.
   */
  async *finish(seconds: number): AsyncGenerator<TrainEvent, void, void> {
    const { trainer: { steps }, config, signal, history } = this.#run;
    yield* this.checkpoint();
    yield* this.profile();
    // Nobody who ends a run wants to wait for its score
    if (this.#scoring.canScore && !signal?.aborted) yield* this.#score();
    if (this.#drawn < steps) yield* this.samples();
    yield* this.#pictures.writePlot(history, this.#scoring.scored);
    await this.#report?.write();
    yield* this.warnings();
    const flat = this.isFlat && steps < config.steps;
    yield {
      type: "end",
      step: steps,
      seconds,
      out: config.out,
      interrupted: steps < config.steps && !flat,
      flat,
      verdict: this.#scoring.verdict,
      best: this.#scoring.best,
    };
  }

  /** After the run was set back to a checkpoint: the rest is as if it was resumed from there. */
  async *goBack(): AsyncGenerator<TrainEvent, void, void> {
    const { steps } = this.#run.trainer;
    this.#drawn = steps;
    this.#keeper.goBack(steps);
    this.#scoring.goBack();
    await this.#observer.goBack(steps);
    yield* this.warnings();
    yield* this.profile();
  }

  /**
   * Saves what was learned since the latest checkpoint, if anything was, and its numbers if they were not read before.
   *
   * @param failure What ended the run, if something did.
   */
  async saveRest(failure: unknown): Promise<void> {
    const { trainer } = this.#run;
    if (!this.#keeper.hasRest || spoils(failure)) return;
    const { numbers, bad } = await readNumbers(trainer);
    if (bad) throw bad;
    await this.#keep(trainer.steps - numbers.length, numbers);
    await this.#save();
  }

  /** Writes a checkpoint, and returns its path. */
  async #save(): Promise<string> {
    using _span = this.#run.telemetry?.span("checkpoint", { "dcgan.step": this.#run.trainer.steps });
    await this.#observer.sync();
    return await this.#keeper.save(this.#scoring.best);
  }

  /** Leaves a report and a plot of all steps, however the run ended. */
  async leaveReport(): Promise<void> {
    await this.#pictures.leavePlot(this.#run.history, this.#scoring.scored);
    await this.#report?.writeIfChanged();
  }

  /** Keeps the numbers of steps, in memory and on disk. */
  async #keep(first: number, numbers: readonly StepNumbers[]): Promise<StepMetrics[]> {
    const metrics = numbers.map((step, offset): StepMetrics => ({
      step: first + offset + 1,
      epoch: this.#batches.epochAfter(first + offset + 1),
      ...step,
    }));
    for (const step of metrics) this.#run.history.add(step);
    await this.#keeper.keepMetrics(metrics);
    await this.#observer.numbers(metrics);
    this.#report?.change();
    return metrics;
  }

  #warnOfLongKernel(): void {
    if (this.#isSlowTold) return;
    const { device, trainer, warnings } = this.#run;
    const warning = longKernelWarning(device, trainer.programs);
    if (warning === undefined) return;
    this.#isSlowTold = true;
    warnings.push(warning);
  }

  /** Reports warnings, and pictures that the dataset skipped, that were not reported before. */
  *warnings(): Generator<TrainEvent, void, void> {
    for (const message of this.#run.warnings.splice(0)) yield { type: "warning", message };
    const skipped = this.#run.dataset.skipped ?? [];
    for (const { name, reason } of skipped.slice(this.#skipped)) {
      yield { type: "warning", message: `Skipped ${name}: ${reason}` };
    }
    this.#skipped = skipped.length;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#scoring[Symbol.dispose]();
  }
}
