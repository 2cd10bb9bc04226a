import { learningRateAt } from "../../nn/mod.ts";
import type { TrainOptions } from "../options/options.ts";

/** What the learning rates of a run's steps follow from. */
export interface RateConfig extends
  Readonly<
    Required<Pick<TrainOptions, "learningRate" | "schedule" | "warmup" | "steps">>
  >,
  Readonly<Pick<TrainOptions, "dLearningRate">> {}

/** The learning rates of a step, counted from 0. */
export function ratesAt(step: number, config: RateConfig): { generator: number; discriminator: number } {
  const { learningRate, dLearningRate = learningRate, schedule, warmup, steps } = config;
  const rate = (learningRate: number) => learningRateAt(step, { learningRate, schedule, warmup, steps });
  return { generator: rate(learningRate), discriminator: rate(dLearningRate) };
}

/** Whether all steps of a run have the same learning rates. */
export function isSteady({ schedule, warmup }: Pick<RateConfig, "schedule" | "warmup">): boolean {
  return schedule === "constant" && warmup === 0;
}

/**
 * What to say of a run that is resumed with another number of steps, all of which its schedule spans: the learning
 * rate jumps.
 *
 * @param step Steps that are done.
 */
export function rateWarnings(before: RateConfig, after: RateConfig, step: number): string[] {
  if (step === 0 || after.schedule === "constant" || before.steps === after.steps) return [];
  const rate = (step: number, config: RateConfig) => short(ratesAt(step, config).generator);
  return [
    `The ${after.schedule} schedule now spans ${after.steps} steps instead of ${before.steps}: the learning rate was ` +
    `${rate(step - 1, before)} in step ${step}, and is ${rate(step, after)} in step ${step + 1}`,
  ];
}

/** The flags that set the learning rates of a run to others. */
export function rateFlags(
  { learningRate, dLearningRate }: Pick<RateConfig, "learningRate" | "dLearningRate">,
  other: (rate: number) => number,
): string {
  const flag = (name: string, rate: number) => `--${name} ${short(other(rate))}`;
  const ofBoth = flag("learning-rate", learningRate);
  return dLearningRate === undefined ? ofBoth : `${ofBoth} ${flag("d-learning-rate", dLearningRate)}`;
}

function short(rate: number): number {
  return Number(rate.toPrecision(2));
}
