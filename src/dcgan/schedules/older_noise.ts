import type { ValueSchedule } from "../../nn/mod.ts";
import { changes } from "./scheduled_values.ts";

/**
 * The fields of a config, of whichever version. Older configs hold the instance noise of the first step, and
 * after how many steps it has fallen to 0 along a line: a schedule by now.
 */
export function withNoiseSchedule(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { instanceNoiseSteps: steps, ...others } = fields;
  const { instanceNoise: from } = others;
  const isFalling = typeof from === "number" && from > 0 && typeof steps === "number" && steps > 0;
  return isFalling ? { ...others, instanceNoise: { from, to: 0, steps, shape: "linear" } } : others;
}

/** The same fields as older configs hold them, if they can: it is these that name a run. */
export function withoutNoiseSchedule(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { instanceNoise } = fields;
  if (!isFallingToNone(instanceNoise)) return { ...fields };
  return { ...fields, instanceNoise: instanceNoise.from, instanceNoiseSteps: instanceNoise.steps };
}

function isFallingToNone(value: unknown): value is ValueSchedule {
  return changes(value) && value.to === 0 && value.steps !== undefined && value.shape === "linear";
}
