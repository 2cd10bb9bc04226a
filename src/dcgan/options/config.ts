/**
 * The config of a training run: options that the user gave, checked and completed. It is what `config.json`
 * in a run folder holds, enough to build the networks again.
 *
 * @module
 */
import * as v from "valibot";
import type { Channels } from "../../pictures/mod.ts";
import { gridProblem } from "../../pictures/grid_limit.ts";
import { withPreset } from "../recipes/presets.ts";
import { ADDED_FIELDS } from "../run/added_fields.ts";
import { changesSchema, type ConfigChange } from "../run/changes/changes.ts";
import { type KernelVariants, kernelVariantsSchema } from "../kernels/kernel_variants.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { scheduleIssues } from "../schedules/scheduled_option.ts";
import { withNoiseSchedule } from "../schedules/older_noise.ts";
import { settled } from "../schedules/scheduled_values.ts";
import { type StartedFrom, startedFromSchema } from "../weights/started_from.ts";
import { batchIssues } from "./batch_issues.ts";
import { augmentationIssues } from "./augmentation_options.ts";
import { ConfigError, type ConfigIssue, issuesOf, quote, type Schemas } from "./config_issue.ts";
import { baseIssues, maxMapsIssues } from "./table/image_size.ts";
import { parseJsonObject } from "./json_object.ts";
import { decayIssues, warmupIssues } from "./optimizer_issues.ts";
import { optionNames, optionTable } from "./option_table.ts";
import type { OptionalOption, PassingOption } from "./option_marks.ts";
import type { OptionName, TrainOptions } from "./options.ts";
import { discriminatorIssues, regularizationIssues } from "./regularization_options.ts";

/** Version of the format of `config.json`. */
export const CONFIG_VERSION = 1;

/** Fields of a config that are no options: they are known of one run. */
export const CONFIG_FACTS = [
  "version",
  "kernels",
  "classes",
  "images",
  "pictures",
  "run",
  "changes",
  "startedFrom",
] as const;

/** The options that a config keeps. */
const keptOptions: readonly OptionName[] = optionNames.filter((name) => !optionTable[name].passing);

/** What the fields of a config must be, but for its version. */
const configFields: Schemas = {
  ...entries((schema, name) => optionTable[name].optional ? v.optional(schema) : schema, keptOptions),
  kernels: v.optional(kernelVariantsSchema),
  classes: v.optional(v.pipe(v.array(v.string()), v.minLength(2))),
  images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  pictures: v.optional(v.pipe(v.string(), v.hexadecimal())),
  run: v.optional(v.pipe(v.string(), v.hexadecimal())),
  changes: v.optional(changesSchema),
  startedFrom: v.optional(startedFromSchema),
};

/** A config, for those who describe it; {@linkcode parseConfig} names what is wrong with one. */
export const configSchema = v.object({
  version: v.literal(CONFIG_VERSION),
  ...configFields,
}) as unknown as v.GenericSchema<TrainConfig>;

/** A training run with nothing left open: what {@linkcode TrainOptions} become once the dataset is known. */
export interface TrainConfig
  extends
    Readonly<Required<Omit<TrainOptions, PassingOption | OptionalOption | "signal">>>,
    Readonly<Pick<TrainOptions, OptionalOption>> {
  /** Version of the format. */
  readonly version: typeof CONFIG_VERSION;
  /** Which variants of its kernels a step runs, once that is decided: a resumed run takes them again. */
  readonly kernels?: KernelVariants;
  /** Names of the classes of a conditional run, in the order of their numbers; absent in others. */
  readonly classes?: readonly string[];
  /** Images in the dataset, on which it depends what a step gets; not known of older runs. */
  readonly images?: number;
  /**
   * A checksum of the first images that the run got, by which it knows its dataset; not known of older runs.
   */
  readonly pictures?: string;
  /** What names the run, in its checkpoints as well; older runs have no name. */
  readonly run?: string;
  /** What was changed after the run began, by the steps that were done then; absent if nothing was. */
  readonly changes?: readonly ConfigChange[];
  /** The weights that it started from; absent if it started with its own. */
  readonly startedFrom?: StartedFrom;
}

/**
 * Checks the options of a run one by one and together, without completing them.
 *
 * @throws {ConfigError} if an option is unknown or has a value that is not allowed; it names every such
 * option.
 */
export function checkOptions(options: TrainOptions): void {
  const issues = optionIssues(options);
  // Weights that are given say what the networks are
  if (options.from === undefined) issues.push(...discriminatorIssues(withPreset(options)));
  refuse(issues);
}

function refuse(issues: readonly ConfigIssue[]): void {
  if (issues.length > 0) throw new ConfigError("Cannot train with these options", issues);
}

/** What is wrong with options, whatever the networks are. */
function optionIssues(options: TrainOptions): ConfigIssue[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot train with these options: they must be an object, found ${quote(options)}`);
  }
  const { signal: _, ...values } = options;
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const issues = checkOptionValues(given);
  const completed = withPreset(given);
  issues.push(...togetherIssues(completed));
  const { samples = optionTable.samples.default, size = optionTable.size.default } = completed;
  const tooMany = issues.length === 0 ? gridProblem(samples!, size!) : undefined;
  if (tooMany) issues.push({ option: "samples", problem: tooMany });
  return issues;
}

/** What is wrong with options, each by itself. */
export function checkOptionValues(values: Record<string, unknown>): ConfigIssue[] {
  return issuesOf(v.strictObject(entries((schema) => v.optional(schema))), values);
}

/** What does not go together. */
function togetherIssues(options: TrainOptions): ConfigIssue[] {
  const { resume, step, more, override, steps, epochs, minutes } = options;
  const issues = [
    ...regularizationIssues(options),
    ...warmupIssues(options),
    ...scheduleIssues(options),
    ...decayIssues(options),
    ...batchIssues(options),
    ...options.from !== undefined && options.size === undefined ? [] : baseIssues(options),
    ...maxMapsIssues(options),
    ...normIssues(options),
    ...augmentationIssues(options),
  ];
  if (steps !== undefined && epochs !== undefined) {
    issues.push({ option: "epochs", problem: `cannot be combined with "steps": give only one of them` });
  }
  for (const [option, value] of Object.entries({ steps, epochs, more })) {
    if (minutes === undefined || value === undefined) continue;
    issues.push({ option: "minutes", problem: `cannot be combined with "${option}": give only one of them` });
  }
  for (const [option, value] of Object.entries({ steps, epochs })) {
    if (more === undefined || value === undefined) continue;
    issues.push({ option: "more", problem: `cannot be combined with "${option}": give only one of them` });
  }
  if (resume !== undefined) return issues;
  const why = Object.entries({
    step: step !== undefined && "as it names a checkpoint of that run",
    more: more !== undefined && "as it counts from a checkpoint of that run",
    override: override === true && "as it lets options of that run change",
  });
  for (const [option, reason] of why) {
    if (reason) issues.push({ option, problem: `needs "resume", ${reason}` });
  }
  return issues;
}

/** A norm that needs more digits than there are. */
function normIssues({ dNorm, precision }: TrainOptions): ConfigIssue[] {
  if (dNorm !== "spectral" || precision !== "f16") return [];
  const problem =
    `must be "batch" or "none" with precision f16, found "spectral": gradients of normalized weights ` +
    "would lose their digits in 16 bits. Use --precision f32";
  return [{ option: "dNorm", problem }];
}

/** What is known of the dataset once it is open, and of the disk. */
export interface RunFacts {
  /** Channels of the dataset's images, for runs that do not say how many they want. */
  readonly channels?: Channels;
  /** The label that a conditional run is told of each image. */
  readonly label?: { readonly name: string; readonly classes: readonly string[] } | undefined;
  /** Images in the dataset. Runs that count epochs need it. */
  readonly length?: number;
  /** Run folder, for runs that do not name one. */
  readonly out?: string;
}

/**
 * Checks options and completes them, by their preset first. Epochs become steps: batches follow each other
 * through one stream of shuffled passes, so that no image is left out, and the last batch may reach into the
 * next pass. Whether the discriminator can have gradient penalties is not asked: a {@linkcode Trainer} knows
 * its layers.
 *
 * @throws {ConfigError} if an option is not allowed; it names every such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resolveConfig } from "@x/dcgan";
 *
 * const config = resolveConfig({ data: "mnist", size: 32, epochs: 2 }, { channels: 1, length: 60_000 });
 * assertEquals([config.channels, config.steps], [1, 1875]);
 * ```
 */
export function resolveConfig(given: TrainOptions, facts: RunFacts = {}): TrainConfig {
  refuse(optionIssues(given));
  const options = withPreset(given);
  const kept = Object.fromEntries(
    keptOptions.map((name) => [name, settled(name, options[name] ?? optionTable[name].default)])
      .filter(([, value]) => value !== undefined),
  ) as Partial<TrainConfig> & Pick<TrainConfig, "data" | "batch" | "dSteps" | "steps">;
  const steps = options.epochs === undefined
    ? kept.steps
    : stepsOf(options.epochs, imagesInStep(kept), facts.length);
  return {
    version: CONFIG_VERSION,
    ...kept,
    channels: options.channels ?? facts.channels ?? 3,
    ...(facts.label ? { conditional: facts.label.name, classes: facts.label.classes } : {}),
    steps,
    out: options.out ?? facts.out ?? freeRunFolder(kept.data, () => false),
    ...(facts.length === undefined ? {} : { images: facts.length }),
  } as TrainConfig;
}

function stepsOf(epochs: number, images: number, length: number | undefined): number {
  if (length !== undefined) return Math.max(1, Math.ceil(epochs * length / images));
  const problem = `cannot be converted to steps, as the length of the dataset is unknown, found ${epochs}`;
  throw new ConfigError("Cannot train with these options", [{ option: "epochs", problem }]);
}

/**
 * The run folder for runs that do not name one: `runs/<data>-<n>` with the first `n` that is free.
 *
 * @param data The dataset's name, path or specifier; its last part, without extension, names the run.
 * @param taken Whether a path exists.
 */
export function freeRunFolder(data: string, taken: (path: string) => boolean): string {
  const last = data.replace(/[\\/]+$/, "").split(/[\\/]/).at(-1) ?? "";
  const name = last.replace(/\.[A-Za-z0-9]+$/, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(
    /^[-.]+|-+$/g,
    "",
  );
  for (let n = 1;; n++) {
    const path = `runs/${name === "" ? "run" : name}-${n}`;
    if (!taken(path)) return path;
  }
}

/** Text of `config.json` for a config. */
export function formatConfig(config: TrainConfig): string {
  return JSON.stringify(config, undefined, 2) + "\n";
}

/**
 * Reads the text of a `config.json`.
 *
 * @param text What the file holds.
 * @param source The file's path, for messages.
 * @throws {SyntaxError} if the text is not JSON.
 * @throws {ConfigError} if a field is missing, unknown or not allowed; it names every such field.
 */
export function parseConfig(text: string, source = "config.json"): TrainConfig {
  const value = parseJsonObject(text, source);
  const subject = `Cannot use ${source}`;
  const { version, ...fields } = withNoiseSchedule({ ...ADDED_FIELDS, ...value });
  if (version !== CONFIG_VERSION) {
    const problem = `must be ${CONFIG_VERSION} for this version of the program, found ${quote(version)}`;
    throw new ConfigError(subject, [{ option: "version", problem }]);
  }
  const issues = issuesOf(v.strictObject(configFields), fields);
  if (issues.length > 0) throw new ConfigError(subject, issues);
  return { version, ...fields } as TrainConfig;
}

/** The table's schemas by option, each as `wrap` makes it. */
function entries(
  wrap: (schema: v.GenericSchema, name: OptionName) => v.GenericSchema,
  names: readonly OptionName[] = optionNames,
): Schemas {
  return Object.fromEntries(names.map((name) => [name, wrap(optionTable[name].schema, name)]));
}
