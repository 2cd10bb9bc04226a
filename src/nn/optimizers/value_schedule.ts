import { expectKnownOptions } from "../../gpu/mod.ts";
import { decays } from "./learning_rate.ts";

/** A number that changes over the first steps of a run, and stays where it arrives. */
export interface ValueSchedule {
  /** Its value in the first step. */
  readonly from: number;
  /** Its value once the steps are over. */
  readonly to: number;
  /** Steps until then: those of the run, if not given. */
  readonly steps?: number;
  /**
   * Along which curve: half a wave of a cosine, or a line.
   *
   * @default {"cosine"}
   */
  readonly shape?: "cosine" | "linear";
}

/** A number that is the same in all steps, or one that changes. */
export type Scheduled = number | ValueSchedule;

/**
 * The value of a number in a step:
 *
 * ```text
 * q = min(1, step / steps)       step counts from 0
 * linear:   from + q * (to - from)
 * cosine:   from + (1 - cos(pi * q)) / 2 * (to - from)
 * ```
 *
 * It depends on nothing but its arguments, so that a run that is resumed has the same values. The cosine is that of R3GAN's
 * training code (Huang et al. 2024, arXiv:2501.05441, appendix), which takes the gammas of penalties, Adam's `beta2`, the
 * half-life of averages and the probability of augmentation through such schedules.
 *
 * @param step The step, counted from 0.
 * @param value The number.
 * @param runSteps Steps of the run, for schedules that do not say how many theirs are.
 * @throws {RangeError} if the step is no whole number from 0 on, or `steps` is none from 1 on, or not known at all.
 * @throws {TypeError} if there is no such option or shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { valueAt } from "@x/dcgan/nn";
 *
 * const gamma = { from: 20, to: 2, steps: 4, shape: "linear" } as const;
 * assertEquals([0, 1, 2, 3, 4, 5].map((step) => valueAt(step, gamma)), [20, 15.5, 11, 6.5, 2, 2]);
 * assertEquals(valueAt(3, 0.99), 0.99);
 * ```
 */
export function valueAt(step: number, value: Scheduled, runSteps?: number): number {
  if (!Number.isSafeInteger(step) || step < 0) refuse("the step", "a whole number of at least 0", step);
  if (typeof value === "number") return value;
  expectKnownOptions("valueAt()", value, { from: true, to: true, steps: true, shape: true });
  const { from, to, steps = runSteps, shape = "cosine" } = value;
  if (shape !== "cosine" && shape !== "linear") {
    throw new TypeError(`Cannot find a value: 'shape' must be cosine or linear, found ${shape}`);
  }
  if (!Number.isSafeInteger(steps) || steps! < 1) refuse("'steps'", "a whole number of at least 1", steps);
  return step >= steps! ? to : from + (1 - decays[shape](step / steps!)) * (to - from);
}

function refuse(what: string, allowed: string, found: unknown): never {
  throw new RangeError(`Cannot find a value: ${what} must be ${allowed}, found ${found}`);
}
