/**
 * What an option of a run can be: the few kinds of values, each with its check (a valibot schema), a sentence
 * that says what is allowed, and a reader of command-line text. The table of the actual options is in
 * `option_table.ts`.
 *
 * @module
 */
import * as v from "valibot";

/** A kind of value: how it is checked, described and read from text. */
export interface OptionKind<T> {
  /** What is allowed, to end the sentence "must be ...". */
  readonly allowed: string;
  /** The allowed values as text, if they are few. */
  readonly choices?: readonly string[];
  /** Accepts exactly the allowed values. */
  readonly schema: v.GenericSchema<unknown, T>;
  /**
   * Of several rules, the one that a value breaks, to end the sentence "must be ..." in the place of
   * `allowed`.
   */
  readonly broken?: (value: unknown) => string | undefined;
  /** The allowed values nearest to one that is not, if that helps: "56 and 64". */
  readonly nearest?: (value: unknown) => string | undefined;
  /** Reads command-line text; text that cannot be read comes back as it is, for the schema to refuse. */
  readonly fromText: (text: string) => unknown;
}

/** A kind of value that one option takes, and how it is described to people. */
export interface OptionSpec<T> extends OptionKind<T> {
  /** Heading under which help lists it. */
  readonly group: OptionGroup;
  /** Name of the value in help; absent if the flag alone says all. */
  readonly value?: string;
  /** Whether the flag may have no value, and is true then. */
  readonly alone?: boolean;
  /** What it does, in one line. */
  readonly summary: string;
  /** What its opposite does, for a flag that also comes as `--no-flag`. */
  readonly opposite?: string;
  /** Value if none is given; absent if it follows from other things, which `otherwise` then names. */
  readonly default?: T;
  /** What happens if no value is given and there is no fixed default. */
  readonly otherwise?: string;
}

/** Headings of the options in help, in this order. */
export const OPTION_GROUPS = [
  "Most used",
  "Data",
  "Networks",
  "Steps and batches",
  "Loss and penalties",
  "Optimizers",
  "Augmentation",
  "Averaged weights",
  "Resuming",
  "Run folder",
  "Scores",
] as const;

/** Heading of an option in help. */
export type OptionGroup = typeof OPTION_GROUPS[number];

const asNumber = (text: string): unknown => text.trim() === "" ? text : Number(text);

/** Whole numbers from `min` to `max`, both included. */
export function integer(min: number, max: number): OptionKind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    schema: v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)),
    fromText: asNumber,
  };
}

/** Numbers over `above` (or from `from`) and under `below` (or up to `to`). */
export function number(
  range: { above: number; to: number } | { from: number; below: number } | { from: number; to: number },
): OptionKind<number> {
  const low = "above" in range ? `above ${range.above}` : `from ${range.from}`;
  const high = "below" in range ? `below ${range.below}` : `up to ${range.to}`;
  return {
    allowed: `a number ${low} and ${high}`,
    schema: v.pipe(
      v.number(),
      "above" in range ? v.gtValue(range.above) : v.minValue(range.from),
      "below" in range ? v.ltValue(range.below) : v.maxValue(range.to),
    ),
    fromText: asNumber,
  };
}

/** One of a few given values. */
export function choice<const T extends string | number>(values: readonly T[]): OptionKind<T> {
  const quoted = values.map((value) => JSON.stringify(value));
  return {
    allowed: quoted.length === 2 ? quoted.join(" or ") : `one of ${quoted.join(", ")}`,
    choices: values.map(String),
    schema: v.picklist(values),
    nearest: (value) => nearestOf(values, value),
    fromText: (text) => values.find((value) => String(value) === text) ?? text,
  };
}

/** A list of different ones of a few given values; as text, with commas between them, or "none". */
export function someOf<const T extends string>(values: readonly T[]): OptionKind<readonly T[]> {
  const isDifferent = (list: T[]) => new Set(list).size === list.length;
  return {
    allowed: `none, or a list of different ones of ${values.join(", ")}`,
    schema: v.pipe(v.array(v.picklist(values)), v.check(isDifferent)),
    fromText: (text) => text === "none" ? [] : text.split(",").map((one) => one.trim()),
  };
}

/** Yes or no; on the command line, the flag alone says yes. */
export function toggle(): OptionKind<boolean> {
  return {
    allowed: "true or false",
    schema: v.boolean(),
    fromText: (text) => text === "true" || (text === "false" ? false : text),
  };
}

/** A name, or yes or no, which picks one by itself. */
export function nameOrToggle(allowed: string): OptionKind<boolean | string> {
  return {
    allowed,
    schema: v.union([v.boolean(), v.pipe(v.string(), v.nonEmpty())]),
    fromText: (text) => text,
  };
}

/** Names or numbers, at least one. */
export function nameList(most = Infinity): OptionKind<readonly (string | number)[]> {
  const one = v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.integer(), v.minValue(0))]);
  return {
    allowed: `a list of ${Number.isFinite(most) ? `1 to ${most} ` : ""}names or of numbers from 0`,
    schema: v.pipe(v.array(one), v.minLength(1), v.maxLength(most)),
    fromText: (text) => [text],
  };
}

/** Any text but the empty one. */
export function text(allowed = "text that is not empty"): OptionKind<string> {
  return { allowed, schema: v.pipe(v.string(), v.nonEmpty()), fromText: (text) => text };
}

/** The URL of a folder on a server. */
export function serverUrl(): OptionKind<string> {
  const isUrl = (value: string) => /^https?:$/.test(URL.parse(value)?.protocol ?? "");
  return {
    allowed: "the URL of a folder, http:// or https://",
    schema: v.pipe(v.string(), v.check(isUrl)),
    fromText: (text) => text,
  };
}

/**
 * Named plain values. Who declares the names knows what more is allowed, so that no flag of its own reads
 * them.
 */
export function record(): OptionKind<Record<string, string | number | boolean>> {
  return {
    allowed: "an object of strings, numbers and booleans",
    schema: v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()])),
    fromText: (text) => text,
  };
}

/** A checkpoint of a run: "best", "last", or a step. */
export function checkpointChoice(): OptionKind<"best" | "last" | number> {
  return {
    allowed: "best, last, or the step of a checkpoint",
    schema: v.union([v.picklist(["best", "last"]), v.pipe(v.number(), v.integer(), v.minValue(0))]),
    fromText: (text) => text === "best" || text === "last" ? text : asNumber(text),
  };
}

/** The relative length of a power-function average. */
export function averageLength(): OptionKind<number> {
  return number({ above: 0, to: 0.2886 });
}

/** How many are kept: a count, or "all". */
export function keptCount(): OptionKind<number | "all"> {
  return {
    allowed: "a whole number from 1 to 10000, or all",
    schema: v.union([v.literal("all"), v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10000))]),
    fromText: (text) => text === "all" ? text : asNumber(text),
  };
}

/** The numbers of a list on either side of one that is not in it, or the last on its side. */
function nearestOf(values: readonly (string | number)[], value: unknown): string | undefined {
  // Text that is not one of the choices comes back unchanged
  const wanted = typeof value === "string" ? Number(value || NaN) : value;
  const numbers = values.filter((one) => typeof one === "number").sort((a, b) => a - b);
  if (typeof wanted !== "number" || !Number.isFinite(wanted) || numbers.length <= 3) return undefined;
  const near = [numbers.findLast((one) => one < wanted), numbers.find((one) => one > wanted)];
  return near.filter((one) => one !== undefined).join(" and ");
}
