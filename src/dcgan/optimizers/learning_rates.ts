import { learningRateAt, type Scheduled } from "../../nn/mod.ts";
import type { TrainOptions } from "../options/options.ts";
import { changes, mapEnds, optionAt, textOf } from "../schedules/scheduled_values.ts";

/** What the learning rates of a run's steps follow from. */
export interface RateConfig extends
  Readonly<
    Required<Pick<TrainOptions, "learningRate" | "schedule" | "warmup" | "steps">>
  >,
  Readonly<Pick<TrainOptions, "dLearningRate">> {}

/** The learning rates of a step, counted from 0. */
export function ratesAt(step: number, config: RateConfig): { generator: number; discriminator: number } {
  const { learningRate, dLearningRate = learningRate, schedule, warmup, steps } = config;
  const rate = (value: Scheduled) => {
    const learningRate = optionAt("learningRate", step, value, steps);
    return learningRateAt(step, { learningRate, schedule, warmup, steps });
  };
  return { generator: rate(learningRate), discriminator: rate(dLearningRate) };
}

/** Whether all steps of a run have the same learning rates. */
export function isSteady(
  { schedule, warmup, learningRate, dLearningRate }: Omit<RateConfig, "steps">,
): boolean {
  return schedule === "constant" && warmup === 0 && !changes(learningRate) && !changes(dLearningRate);
}

/**
 * What to say of a run that is resumed with another number of steps, all of which its schedule spans: the
 * learning rate jumps.
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
  const flag = (name: string, rate: Scheduled) =>
    `--${name} ${textOf(mapEnds(rate, (one) => short(other(one))))}`;
  const ofBoth = flag("learning-rate", learningRate);
  return dLearningRate === undefined ? ofBoth : `${ofBoth} ${flag("d-learning-rate", dLearningRate)}`;
}

function short(rate: number): number {
  return Number(rate.toPrecision(2));
}
