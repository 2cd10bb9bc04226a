import { host } from "../../host/host.ts";
import { type Channels, readPictureHeader } from "../../pictures/mod.ts";
import { GRADIENT_NORMS, STEP_NUMBERS } from "../numbers/step_numbers.ts";
import type { MetricsEvent, SamplesEvent, StepMetrics } from "../run/events.ts";
import type { StepScores } from "../scores/scores_file.ts";
import { summaryEvent } from "./event.ts";
import { EventFile } from "./event_file.ts";

const LOSSES: readonly string[] = STEP_NUMBERS.filter((name) => name.includes("Loss"));

/** Groups of numbers, by name; all others belong to `training`. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  losses: LOSSES,
  probabilities: STEP_NUMBERS.filter((name) => !LOSSES.includes(name)),
  gradients: GRADIENT_NORMS,
};

/**
 * A run's numbers, scores and samples as TensorBoard has them. Tags are the names of `metrics.jsonl` and
 * `scores.jsonl` with a group before them, such as `losses/generatorLoss`, `probabilities/dReal`,
 * `gradients/generatorGradientNorm`, `training/epoch` and `scores/swd`; and `samples`.
 */
export class RunLog {
  readonly #folder: string;
  readonly #now: () => number;
  #file: EventFile;

  private constructor(folder: string, file: EventFile, now: () => number) {
    this.#folder = folder;
    this.#file = file;
    this.#now = now;
  }

  /**
   * Opens the log of a run that goes on after a step.
   *
   * @param now Seconds since 1970.
   */
  static async open(folder: string, step: number, now: () => number = seconds): Promise<RunLog> {
    return new RunLog(folder, await EventFile.open(folder, step, now()), now);
  }

  /** Forgets what came after a step, to which the run was set back. */
  async goBack(step: number): Promise<void> {
    this.#file = await EventFile.open(this.#folder, step, this.#now());
  }

  /** The numbers of steps. */
  async numbers(metrics: readonly StepMetrics[]): Promise<void> {
    const time = this.#now();
    await this.#file.append(metrics.map(({ step, ...values }) => {
      const scalars = Object.entries(values).map(([name, value]) => [tagOf(name), value]);
      return summaryEvent({ time, step, scalars: Object.fromEntries(scalars) });
    }));
  }

  /** How fast a run is. */
  async speed({ step, imagesPerSecond }: MetricsEvent): Promise<void> {
    const scalars = { "training/imagesPerSecond": imagesPerSecond };
    await this.#file.append([summaryEvent({ time: this.#now(), step, scalars })]);
  }

  /** Scores of a step. */
  async scores({ step, scores }: StepScores): Promise<void> {
    const scalars = Object.entries(scores).map(([name, { value }]) => [`scores/${name}`, value]);
    await this.#file.append([
      summaryEvent({ time: this.#now(), step, scalars: Object.fromEntries(scalars) }),
    ]);
  }

  /** Samples that were written as a picture. */
  async samples({ step, path }: SamplesEvent, channels: Channels): Promise<void> {
    const png = await host().readFile(path);
    const { width, height } = readPictureHeader(png);
    const images = { samples: { width, height, channels, png } };
    await this.#file.append([summaryEvent({ time: this.#now(), step, images })]);
  }

  /** Forces all to disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }
}

function seconds(): number {
  return Date.now() / 1000;
}

function tagOf(name: string): string {
  const group = Object.keys(GROUPS).find((group) => GROUPS[group]!.includes(name)) ?? "training";
  return `${group}/${name}`;
}
