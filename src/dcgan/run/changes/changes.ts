/**
 * What a run changed of its own settings after it began. Its config holds the present ones, and how they came
 * about.
 *
 * @module
 */
import * as v from "valibot";
import type { TrainConfig } from "../../options/config.ts";
import type { ValueSchedule } from "../../../nn/mod.ts";
import { changingOptions } from "../../schedules/run_schedules.ts";
import type { OverridableOption } from "../../options/option_marks.ts";
import { optionTable, overridableOptions } from "../../options/option_table.ts";

/**
 * Fields of a config whose changes it remembers. Images and their checksum follow from the options of the
 * dataset. The number of steps is remembered where learning rates depend on it.
 */
export type ChangedField =
  | OverridableOption
  | "learningRate"
  | "dLearningRate"
  | "steps"
  | "images"
  | "pictures";

/** A change of a run's config. */
export interface ConfigChange {
  /** Steps that were done by then: the next step was the first with the new value. */
  readonly step: number;
  /** What was changed. */
  readonly option: ChangedField;
  /** Its value until then; null if it was not given. */
  readonly from: unknown;
  /** Its value from then on. */
  readonly to: unknown;
}

/** Options of datasets of picture files that say how pictures are read, and not which. */
export const readingOptions: readonly string[] = ["workers", "memory", "cache", "broken"];

/** Changes that the name of a run does not depend on: people may make them in the file as well. */
const free: readonly ChangedField[] = ["learningRate", "dLearningRate", "steps", "samples", "scoreBy"];

const schemas: Readonly<Record<ChangedField, v.GenericSchema>> = {
  ...Object.fromEntries(overridableOptions.map((name) => [name, optionTable[name].schema])) as Record<
    OverridableOption,
    v.GenericSchema
  >,
  learningRate: optionTable.learningRate.schema,
  dLearningRate: v.nullable(optionTable.dLearningRate.schema),
  steps: optionTable.steps.schema,
  images: v.pipe(v.number(), v.integer(), v.minValue(1)),
  pictures: v.pipe(v.string(), v.hexadecimal()),
};

const fields = Object.keys(schemas) as ChangedField[];

/** Accepts exactly a list of {@linkcode ConfigChange}s in the order of their steps. */
export const changesSchema: v.GenericSchema<unknown, readonly ConfigChange[]> = v.pipe(
  v.array(v.union(fields.map((field) =>
    v.strictObject({
      step: v.pipe(v.number(), v.integer(), v.minValue(0)),
      option: v.literal(field),
      from: schemas[field],
      to: schemas[field],
    })
  ))),
  v.check((changes) => changes.every(({ step }, i) => i === 0 || changes[i - 1]!.step <= step)),
);

/**
 * A run's new config, with what it changes of the old one. What was changed at the same step or later is
 * forgotten: the run takes another way from here.
 *
 * @param before The config as it was.
 * @param step Steps that are done.
 * @param after The config from the next step on.
 */
export function withChanges(before: TrainConfig, step: number, after: TrainConfig): TrainConfig {
  const { changes: _, ...rest } = after;
  const kept = (before.changes ?? []).filter((change) => change.step < step);
  const then = valuesOf(before);
  for (const change of (before.changes ?? []).slice(kept.length).toReversed()) {
    then[change.option] = change.from;
  }
  const now = valuesOf(after);
  const isScheduled = [before, after].some(spansRun);
  // Older configs do not know their images
  const changed = fields.filter((option) =>
    then[option] !== undefined && !isSame(option, then[option], now[option]) &&
    (option !== "steps" || isScheduled)
  );
  const changes = [
    ...kept,
    ...changed.map((option) => ({ step, option, from: then[option], to: now[option] })),
  ];
  return changes.length === 0 ? rest : { ...rest, changes };
}

/** Whether something that steps depend on changes over all steps of the run. */
function spansRun(config: TrainConfig): boolean {
  return config.schedule !== "constant" ||
    changingOptions(config).some((name) => (config[name] as ValueSchedule).steps === undefined);
}

/**
 * A run's config as it was when the run began, but for what its name does not depend on; undefined if its
 * changes do not lead to what it holds now, as in a file that was edited or damaged.
 */
export function beginningOf(config: TrainConfig): TrainConfig | undefined {
  const { changes = [], ...now } = config;
  const values = valuesOf(config);
  for (const { option, from, to } of changes.toReversed()) {
    if (!free.includes(option) && !isSame(option, values[option], to)) return undefined;
    values[option] = from;
  }
  const changed = new Set(changes.map(({ option }) => option));
  return { ...now, ...Object.fromEntries([...changed].map((option) => [option, values[option]])) };
}

/** Whether two configs want the same pictures of a dataset. */
export function wantsSamePictures(one: TrainConfig, other: TrainConfig): boolean {
  return isSame("dataOptions", one.dataOptions, other.dataOptions);
}

function valuesOf(config: TrainConfig): Record<ChangedField, unknown> {
  const entries = fields.map((field) => [field, config[field]]);
  const { dLearningRate = null } = config;
  return { ...Object.fromEntries(entries), dLearningRate, dataOptions: whichPictures(config.dataOptions) };
}

function isSame(option: ChangedField, one: unknown, other: unknown): boolean {
  const text = (value: unknown) =>
    JSON.stringify(option === "dataOptions" ? whichPictures(value as TrainConfig["dataOptions"]) : value);
  return text(one) === text(other);
}

/** Options of a dataset without those that say how it is read, in one order. */
function whichPictures(dataOptions: TrainConfig["dataOptions"]): TrainConfig["dataOptions"] {
  const entries = Object.entries(dataOptions).filter(([name]) => !readingOptions.includes(name));
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}
