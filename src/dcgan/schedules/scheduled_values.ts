import { type Scheduled, valueAt, type ValueSchedule } from "../../nn/mod.ts";

/** Name of an option whose value may change from step to step. */
export type ScheduledName =
  | "learningRate"
  | "dLearningRate"
  | "beta2"
  | "r1"
  | "r2"
  | "gradientPenalty"
  | "instanceNoise"
  | "ema"
  | "augmentProbability";

/** These options. */
export const SCHEDULED = [
  "learningRate",
  "dLearningRate",
  "beta2",
  "r1",
  "r2",
  "gradientPenalty",
  "instanceNoise",
  "ema",
  "augmentProbability",
] as const satisfies readonly ScheduledName[];

/** Whether a value changes from step to step. */
export function changes(value: unknown): value is ValueSchedule {
  return typeof value === "object" && value !== null;
}

/** Whether a number is 0 in all steps. */
export function isOff(value: Scheduled | undefined): boolean {
  return value === undefined || value === 0;
}

/** What a number begins as. */
export function startOf(value: Scheduled): number {
  return changes(value) ? value.from : value;
}

/** A number changed by a function; of a schedule, both of its ends. */
export function mapEnds(value: Scheduled, change: (value: number) => number): Scheduled {
  return changes(value) ? { ...value, from: change(value.from), to: change(value.to) } : change(value);
}

/** A number as the command line takes it: `0.5`, `20:2`, `20:2@5000`, `20:2@5000,linear`. */
export function textOf(value: Scheduled): string {
  if (!changes(value)) return `${value}`;
  const { from, to, steps, shape = "cosine" } = value;
  return `${from}:${to}${steps === undefined ? "" : `@${steps}`}${shape === "cosine" ? "" : `,${shape}`}`;
}

/** The value of an option as a config holds it: of a schedule, all fields in one order. Others stay as they are. */
export function settled(name: string, value: unknown): unknown {
  if (!(SCHEDULED as readonly string[]).includes(name) || !changes(value)) return value;
  const { from, to, steps, shape = "cosine" } = value;
  return { from, to, ...(steps === undefined ? {} : { steps }), shape };
}

/**
 * The value of an option in a step, counted from 0. A decay of averages changes by its half-life in steps, as in R3GAN: a
 * decay of 0.999 has 693 of them, one of 0.99 only 69.
 *
 * @param runSteps Steps of the run.
 */
export function optionAt(name: ScheduledName, step: number, value: Scheduled, runSteps: number): number {
  if (name !== "ema" || !changes(value) || step === 0) return valueAt(step, value, runSteps);
  if (step >= (value.steps ?? runSteps)) return value.to;
  return decayOf(valueAt(step, mapEnds(value, halfLifeOf), runSteps));
}

function halfLifeOf(decay: number): number {
  return decay === 0 ? 0 : Math.log(0.5) / Math.log(decay);
}

function decayOf(halfLife: number): number {
  return halfLife === 0 ? 0 : 0.5 ** (1 / halfLife);
}
