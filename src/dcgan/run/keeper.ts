import { writeSnapshot } from "../averages/snapshots.ts";
import { writeCheckpoint } from "../checkpoints/checkpoint.ts";
import type { TrainConfig } from "../options/config.ts";
import type { StepMetrics } from "./events.ts";
import type { RunFolder } from "./folder/run_folder.ts";
import type { Trainer } from "../trainer.ts";
import { MetricsFile } from "../numbers/metrics_file.ts";

/** Keeps what a run has learned, and its numbers, on disk. */
export class RunKeeper {
  readonly #run: string;
  readonly #folder: RunFolder;
  #metrics: MetricsFile;
  readonly #trainer: Trainer;
  readonly #warnings: string[];
  readonly #keep: number | "all";
  #saved: number;
  #isTold = false;

  /**
   * @param saved Steps of the checkpoint that the run resumes from; -1 if there is none.
   * @param warnings Gets what went wrong that training does not depend on.
   */
  constructor(config: TrainConfig, folder: RunFolder, trainer: Trainer, saved: number, warnings: string[]) {
    this.#run = config.run!;
    this.#keep = config.keep;
    this.#folder = folder;
    this.#metrics = new MetricsFile(folder.metricsPath);
    this.#trainer = trainer;
    this.#saved = saved;
    this.#warnings = warnings;
  }

  /** Steps of the latest checkpoint; -1 if there is none. */
  get saved(): number {
    return this.#saved;
  }

  /** Says that the run was set back to its checkpoint of a step, and its numbers were cut to that. */
  goBack(step: number): void {
    this.#saved = step;
    this.#metrics = new MetricsFile(this.#folder.metricsPath);
  }

  /**
   * Writes the numbers of steps. Those that cannot be written are a warning, and are written with the next.
   */
  async keepMetrics(metrics: readonly StepMetrics[]): Promise<void> {
    await this.#orWarn(() => this.#metrics.append(metrics));
  }

  /**
   * Writes a snapshot of the averages. One that cannot be written is a warning: averages are then built
   * without it.
   */
  async keepAverages(): Promise<void> {
    const { steps, averages } = this.#trainer;
    await this.#folder.expectThere();
    await writeSnapshot(this.#folder.path, averages, { step: steps, id: this.#run }).catch((error: Error) =>
      void this.#warnings.push(error.message)
    );
  }

  /**
   * Writes a checkpoint. Returns its path.
   *
   * @param best Step of the checkpoint with the best score, which is kept besides the latest ones.
   */
  async save(best?: number): Promise<string> {
    const { steps } = this.#trainer;
    await this.#folder.expectThere();
    // If the checkpoint survives a power cut, so do the numbers of its steps
    await this.#orWarn(() => this.#metrics.sync());
    const path = await writeCheckpoint(this.#folder.checkpoints, this.#trainer, {
      run: this.#run,
      warn: (message) => this.#warnings.push(message),
      keep: this.#keep,
      best,
    });
    this.#saved = steps;
    return path;
  }

  /** Whether anything was learned since the latest checkpoint. */
  get hasRest(): boolean {
    return this.#trainer.steps > Math.max(0, this.#saved);
  }

  async #orWarn(write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.#isTold = false;
    } catch (error) {
      await this.#folder.expectThere();
      // Once, until it works again: they are tried every second
      if (!this.#isTold) this.#warnings.push((error as Error).message);
      this.#isTold = true;
    }
  }
}
