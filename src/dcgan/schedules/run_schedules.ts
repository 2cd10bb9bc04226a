import type { TrainOptions } from "../options/options.ts";
import { changes, optionAt, SCHEDULED, type ScheduledName } from "./scheduled_values.ts";

/** Options with a schedule in a run. */
export type ScheduledConfig =
  & Readonly<Pick<TrainOptions, ScheduledName | "schedule">>
  & { readonly steps: number };

/** Values of options in one step. */
export type StepValues = { readonly [K in ScheduledName]?: number };

/** Names of the options that change from step to step in a run. */
export function changingOptions(config: ScheduledConfig): ScheduledName[] {
  return SCHEDULED.filter((name) => changes(config[name]));
}

/** The value of each option that has one, in a step, counted from 0. */
export function valuesAt(
  step: number,
  config: ScheduledConfig,
  names: readonly ScheduledName[] = SCHEDULED,
): StepValues {
  return Object.fromEntries(names.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, optionAt(name, step, value, config.steps)]];
  }));
}

/**
 * What to say of a run that is resumed with other schedules, which may have ended, or with another number of
 * steps, which its schedules span: their values jump.
 *
 * @param step Steps that are done.
 */
export function scheduleWarnings(before: ScheduledConfig, after: ScheduledConfig, step: number): string[] {
  return step === 0 ? [] : [...endedWarnings(before, after, step), ...spanWarnings(before, after, step)];
}

/** Schedules that are new, but over: nothing of them is seen but their last value. */
function endedWarnings(before: ScheduledConfig, after: ScheduledConfig, step: number): string[] {
  return changingOptions(after).flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (!changes(is) || is.steps === undefined || step < is.steps) return [];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [
      `The schedule of "${name}" has ended: it takes ${is.steps} steps, and ${step} are done. It stays ${is.to} from ` +
      "here on. Give it more steps to see it change",
    ];
  });
}

function spanWarnings(before: ScheduledConfig, after: ScheduledConfig, step: number): string[] {
  if (before.steps === after.steps) return [];
  // A schedule of learning rates besides tells how they jump
  const { schedule = "constant" } = after;
  const told = changingOptions(after).filter((name) =>
    schedule === "constant" || !/learningRate/i.test(name)
  );
  return told.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (!changes(is) || is.steps !== undefined || JSON.stringify(was) !== JSON.stringify(is)) return [];
    const short = (value: number) => Number(value.toPrecision(4));
    return [
      `The schedule of "${name}" now spans ${after.steps} steps instead of ${before.steps}: it was ` +
      `${short(optionAt(name, step - 1, is, before.steps))} in step ${step}, and is ` +
      `${short(optionAt(name, step, is, after.steps))} in step ${step + 1}`,
    ];
  });
}
