import type { RunLog } from "../tensorboard/run_log.ts";
import type { MetricsEvent, SamplesEvent, StepMetrics } from "../run/events.ts";
import type { RunPlan } from "../run/plan.ts";
import type { StepScores } from "../scores/scores_file.ts";

/**
 * Passes what a run finds on to TensorBoard and OpenTelemetry, as far as they are wanted. What cannot be
 * written is a warning: training does not depend on it.
 */
export class RunObserver {
  readonly #run: Pick<RunPlan, "config" | "folder" | "warnings" | "telemetry">;
  #log: RunLog | undefined;
  #isTold = false;

  /** Of a planned run. */
  constructor(run: Pick<RunPlan, "config" | "folder" | "warnings" | "telemetry">) {
    this.#run = run;
  }

  /** Before the step after this one. */
  async begin(step: number): Promise<void> {
    if (!this.#run.config.tensorboard) return;
    const { RunLog } = await import("../tensorboard/run_log.ts");
    await this.#orWarn(async () => void (this.#log = await RunLog.open(this.#run.folder.path, step)));
  }

  /** After the run was set back to a step. */
  async goBack(step: number): Promise<void> {
    await this.#orWarn(() => this.#log?.goBack(step));
  }

  /** The numbers of steps. */
  async numbers(metrics: readonly StepMetrics[]): Promise<void> {
    await this.#orWarn(() => this.#log?.numbers(metrics));
  }

  /**
   * What is reported of the latest step.
   *
   * @param images How many were trained on since the last report.
   */
  async metrics(event: MetricsEvent, images: number): Promise<void> {
    this.#run.telemetry?.metrics(event, images);
    await this.#orWarn(() => this.#log?.speed(event));
  }

  /** The scores of a step. */
  async scores(scored: StepScores): Promise<void> {
    this.#run.telemetry?.scores(scored);
    await this.#orWarn(() => this.#log?.scores(scored));
  }

  /** Samples that were written. */
  async samples(event: SamplesEvent): Promise<void> {
    await this.#orWarn(() => this.#log?.samples(event, this.#run.config.channels));
  }

  /** Before a checkpoint: what came until then is on disk if the checkpoint is. */
  async sync(): Promise<void> {
    await this.#orWarn(() => this.#log?.sync());
  }

  async #orWarn(write: () => Promise<void> | undefined): Promise<void> {
    try {
      await write();
    } catch (error) {
      // Once: they are tried every second
      if (!this.#isTold) this.#run.warnings.push((error as Error).message);
      this.#isTold = true;
    }
  }
}
