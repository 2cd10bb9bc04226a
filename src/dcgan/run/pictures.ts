import { host } from "../../host/host.ts";
import type { TrainEvent } from "./events.ts";
import type { TrainConfig } from "../options/config.ts";
import { classRows, countInGrid } from "../sampling/class_rows.ts";
import { generateBytes, NonFiniteSamplesError } from "../sampling/generate.ts";
import { plotHistory } from "../plot/plot.ts";
import { Pacer } from "../report/pacer.ts";
import { markOfTraining } from "../explore/marks/mark_of.ts";
import type { RunFolder } from "./folder/run_folder.ts";
import type { Trainer } from "../trainer.ts";
import type { FirstPictures } from "./first_pictures.ts";
import type { StepScores } from "../scores/scores_file.ts";
import type { History } from "../numbers/history.ts";

/** The pictures of a run. One that cannot be made is a warning: training is worth more. */
export class RunPictures {
  readonly #config: TrainConfig;
  readonly #folder: RunFolder;
  readonly #pacer: Pacer;
  /** Whether a plot was written, and whether samples were drawn since. */
  #plot: "none" | "old" | "new" = "none";

  /** Those of a run with this config, in this folder. */
  constructor(config: TrainConfig, folder: RunFolder, now?: () => number) {
    this.#config = config;
    this.#folder = folder;
    this.#pacer = new Pacer(now);
  }

  /** Writes `real.png`, in whose rows are the classes that rows of samples are of. */
  async *writeReal({ bytes }: FirstPictures): AsyncGenerator<TrainEvent, void, void> {
    const { size, channels, samples, classes } = this.#config;
    yield* this.#orWarning("real.png", async () => {
      if (!bytes) throw new RangeError(`${samples} images do not fit in memory at once`);
      const { length = 1 } = classes ?? [];
      const { data, columns } = classRows(bytes, countInGrid(samples, length), length);
      await this.#folder.writeGrid("real.png", data, size, channels, { columns });
    });
  }

  /** Writes samples as they are now. */
  async *writeSamples({ sampled, steps }: Trainer): AsyncGenerator<TrainEvent, void, void> {
    const { size, channels, samples, seed, latent, latentDistribution, classes } = this.#config;
    const name = samplesName(steps);
    yield* this.#orWarning(name, async () => {
      const count = countInGrid(samples, classes?.length);
      const labels = classes?.map((_, at) => at);
      const bytes = await generateBytes(sampled, { count, seed, latent, latentDistribution, labels, size });
      const { data, columns } = classRows(bytes, count, classes?.length ?? 1);
      const mark = markOfTraining(steps, seed, count);
      const path = await this.#folder.writeGrid(name, data, size, channels, { columns, mark });
      return { type: "samples", step: steps, path };
    });
  }

  /** Writes the plot, if none was written, or the last one is old enough. */
  async *writePlotIfDue(
    history: History,
    scores: readonly StepScores[],
  ): AsyncGenerator<TrainEvent, void, void> {
    if (this.#plot === "none" || this.#pacer.isDue) yield* this.writePlot(history, scores);
    else this.#plot = "old";
  }

  /** Writes the plot, if samples were drawn since, of a run that ends before its last step. */
  async leavePlot(history: History, scores: readonly StepScores[]): Promise<void> {
    if (this.#plot !== "old") return;
    // What ends the run says more than a warning
    await Array.fromAsync(this.writePlot(history, scores));
  }

  /** Writes the plot. */
  async *writePlot(history: History, scores: readonly StepScores[]): AsyncGenerator<TrainEvent, void, void> {
    this.#plot = "new";
    const { scoreBy, loss } = this.#config;
    yield* this.#orWarning("metrics.png", () =>
      this.#pacer.work(async () => {
        await this.#folder.writePicture("metrics.png", plotHistory(history, { scores, scoreBy, loss }));
      }));
  }

  /** Whether samples of a step are there. */
  async hasSamples(step: number): Promise<boolean> {
    return await host().stat(`${this.#folder.path}/${samplesName(step)}`).then(() => true, () => false);
  }

  async *#orWarning(
    name: string,
    write: () => Promise<TrainEvent | void>,
  ): AsyncGenerator<TrainEvent, void, void> {
    let event: TrainEvent | void;
    try {
      event = await write();
    } catch (error) {
      // No picture is at fault there, but what was learned
      if (error instanceof NonFiniteSamplesError) throw error;
      const reason = error instanceof Error ? error.message : `${error}`;
      event = { type: "warning", message: `Cannot write ${name}, training continues: ${reason}` };
    }
    if (event) yield event;
  }
}

function samplesName(step: number): string {
  return `samples/step-${`${step}`.padStart(6, "0")}.png`;
}
