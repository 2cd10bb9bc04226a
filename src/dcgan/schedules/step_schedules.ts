import type { Device, Tensor } from "../../gpu/mod.ts";
import type { RunAugmentation } from "../augmentation/run_augmentation.ts";
import type { RunAverages } from "../averages/run_averages.ts";
import type { DrawWeights } from "../steps/run_draws.ts";
import type { TrainingStepOptions } from "../training_step.ts";
import type { Optimizers } from "../optimizers/optimizers.ts";
import { changingOptions, type ScheduledConfig, type StepValues, valuesAt } from "./run_schedules.ts";
import { type ScheduledName, startOf } from "./scheduled_values.ts";

/** What takes values from step to step. */
export interface ScheduledParts {
  /** They have learning rates, and Adam's betas. */
  readonly optimizers: Optimizers;
  /** They have a decay. */
  readonly averages: RunAverages;
  /** It has a probability. */
  readonly augmentation: RunAugmentation | undefined;
}

/** Writes the values of options that change from step to step to the GPU, before each step: the step itself stays. */
export class StepSchedules implements Disposable {
  /** `[2]`: the gammas of R1 and R2, if one of them changes. */
  readonly gammas: Tensor | undefined;
  /** `[1]` each, if they change. */
  readonly #weights: {
    readonly gradientPenalty: Tensor | undefined;
    readonly instanceNoise: Tensor | undefined;
  };
  readonly #config: ScheduledConfig;
  readonly #parts: ScheduledParts;
  readonly #names: readonly ScheduledName[];

  /** As a config asks for. */
  constructor(device: Device, config: ScheduledConfig, parts: ScheduledParts) {
    this.#config = config;
    this.#parts = parts;
    // Learning rates have schedules and warm-ups besides, and change with rollbacks: the optimizers know them
    this.#names = changingOptions(config).filter((name) =>
      name !== "learningRate" && name !== "dLearningRate"
    );
    this.gammas = this.#names.some((name) => name === "r1" || name === "r2") ? device.state([2]) : undefined;
    const weight = (name: ScheduledName) => this.#names.includes(name) ? device.state([1]) : undefined;
    this.#weights = {
      gradientPenalty: weight("gradientPenalty"),
      instanceNoise: weight("instanceNoise"),
    };
  }

  /**
   * The penalties of real and of fake images in a step.
   *
   * @param times How many times they count there; 0 if there are none.
   */
  penaltiesOf(times: number): Pick<TrainingStepOptions, "r1" | "r2" | "gammas"> {
    if (this.gammas) return times === 0 ? {} : { gammas: this.gammas };
    const { r1 = 0, r2 = 0 } = this.#config;
    return { r1: startOf(r1) * times, r2: startOf(r2) * times };
  }

  /**
   * How much WGAN-GP and noise count in a step.
   *
   * @param times How many times penalties count there; 0 if there are none.
   */
  weightsOf(times: number): DrawWeights {
    const { gradientPenalty = 0, instanceNoise = 0 } = this.#config;
    const { gradientPenalty: weight, instanceNoise: deviation } = this.#weights;
    return {
      gradientPenalty: weight && times > 0 ? weight : startOf(gradientPenalty) * times,
      instanceNoise: deviation ?? startOf(instanceNoise),
    };
  }

  /**
   * Sets all values of a step, counted from 0, before it runs. Nothing is written if all steps have the same.
   *
   * @param times How many times penalties count in the step.
   */
  beforeStep(step: number, times = 1): void {
    const { optimizers, averages, augmentation } = this.#parts;
    optimizers.beforeStep(step);
    if (this.#names.length === 0) return;
    const { beta2, ema, augmentProbability, gradientPenalty, instanceNoise } = valuesAt(
      step,
      this.#config,
      this.#names,
    );
    if (beta2 !== undefined) optimizers.setBeta2(beta2);
    if (ema !== undefined) averages.sampled!.setDecay(ema);
    if (augmentProbability !== undefined) augmentation!.setProbability(augmentProbability);
    if (gradientPenalty !== undefined) this.#weights.gradientPenalty!.set([gradientPenalty * times]);
    if (instanceNoise !== undefined) this.#weights.instanceNoise!.set([instanceNoise]);
    if (!this.gammas) return;
    const { r1 = 0, r2 = 0 } = valuesAt(step, this.#config, ["r1", "r2"]);
    this.gammas.set([r1 * times, r2 * times]);
  }

  /** The values that a step had, counted from 0, of the options that change. */
  valuesAt(step: number): StepValues {
    return { ...this.#parts.optimizers.ratesAt(step), ...valuesAt(step, this.#config, this.#names) };
  }

  /** Frees its memory. */
  [Symbol.dispose](): void {
    const { gradientPenalty, instanceNoise } = this.#weights;
    for (const tensor of [this.gammas, gradientPenalty, instanceNoise]) tensor?.dispose();
  }
}
