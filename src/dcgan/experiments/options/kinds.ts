import * as v from "valibot";
import { checkpointChoice, integer, number, type OptionKind, record, text } from "../../options/option.ts";

/** Numbers above 0, at least one; as text, with commas between them. */
export function positiveNumbers(): OptionKind<readonly number[]> {
  return {
    allowed: "a list of numbers above 0",
    schema: v.pipe(v.array(v.pipe(v.number(), v.gtValue(0), v.finite())), v.minLength(1)),
    fromText: (text) => text.split(",").map((one) => one.trim() === "" ? NaN : Number(one)),
  };
}

/** Most pictures of a set. */
const MOST = 1e9;

/** What the options of experiments may be, where several have the same. */
export const KINDS = {
  from: checkpointChoice(),
  seed: integer(0, 2 ** 32 - 1),
  count: integer(1, MOST),
  memory: number({ above: 0, to: 1e6 }),
} as const;

/** What the options that say where pictures come from may be. */
export const RUN_DATA_KINDS = {
  data: text(),
  dataRoot: text(),
  dataOptions: record(),
  report: null,
  progress: null,
  signal: null,
} as const;

/** What the options that say where labeled pictures come from may be. */
export const LABELED_DATA_KINDS = { ...RUN_DATA_KINDS, label: text() } as const;
