import * as v from "valibot";
import type { Scheduled, ValueSchedule } from "../../nn/mod.ts";
import type { ConfigIssue } from "../options/config_issue.ts";
import type { OptionKind } from "../options/option.ts";
import type { TrainOptions } from "../options/options.ts";
import { MOST_COUNT } from "../options/table/most_count.ts";
import { changes, SCHEDULED } from "./scheduled_values.ts";

/** `FROM:TO`, `FROM:TO@STEPS`, and either with a shape after a comma. */
const TEXT = /^([^:@,]+):([^:@,]+?)(?:@(\d+))?(?:,(cosine|linear))?$/;

/** Numbers of a kind, or schedules from one to another. */
export function scheduled(kind: OptionKind<number>): OptionKind<Scheduled> {
  const schedule: v.GenericSchema<unknown, ValueSchedule> = v.pipe(
    v.strictObject({
      from: kind.schema,
      to: kind.schema,
      steps: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_COUNT))),
      shape: v.exactOptional(v.picklist(["cosine", "linear"])),
    }),
    v.check(({ from, to }) => from !== to),
  );
  return {
    allowed: `${kind.allowed}, or a schedule from one to another, FROM:TO or FROM:TO@STEPS`,
    schema: v.union([kind.schema, schedule]),
    fromText: (text) => {
      const [whole, from, to, steps, shape] = TEXT.exec(text.trim()) ?? [];
      if (whole === undefined) return kind.fromText(text);
      return {
        from: kind.fromText(from!),
        to: kind.fromText(to!),
        ...(steps === undefined ? {} : { steps: Number(steps) }),
        ...(shape === undefined ? {} : { shape }),
      };
    },
  };
}

/** Schedules that a run does not come out of. Of a run whose length is not known yet there is nothing to say. */
export function scheduleIssues(options: TrainOptions): ConfigIssue[] {
  const { steps: most } = options;
  if (most === undefined) return [];
  return SCHEDULED.flatMap((option) => {
    const value = options[option];
    if (!changes(value) || value.steps === undefined || value.steps <= most) return [];
    const problem =
      `must reach its last value within the steps of the run, ${most}, found ${value.steps} steps`;
    return [{ option, problem }];
  });
}
