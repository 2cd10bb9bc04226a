/**
 * What is wrong with options or with the fields of a config, and how that is said.
 *
 * @module
 */
import * as v from "valibot";
import type { OptionKind } from "./option.ts";
import { optionTable } from "./option_table.ts";
import type { OptionName } from "./options.ts";
import { unknownProblem } from "./table/replaced_options.ts";

/** One option that is not as it must be. */
export interface ConfigIssue {
  /** Name of the option. */
  readonly option: string;
  /** What is wrong, to follow the option's name: "must be 1 to 4, found 5". */
  readonly problem: string;
}

/** Thrown if options or a config are invalid; names every bad one. */
export class ConfigError extends RangeError {
  /** Name of the class. */
  override name = "ConfigError";
  /** What is wrong, option by option. */
  readonly issues: readonly ConfigIssue[];

  /**
   * Puts the issues into one message.
   *
   * @param subject What was checked, to start the message with.
   * @param issues What is wrong, at least one.
   */
  constructor(subject: string, issues: readonly ConfigIssue[]) {
    super(`${subject}: ${issues.map(({ option, problem }) => `"${option}" ${problem}`).join("; ")}`);
    this.issues = issues;
  }
}

/** What an option's value must be, or `undefined` if it already is. */
export function optionProblem(name: OptionName, value: unknown): string | undefined {
  const broken = brokenBy(optionTable[name], value);
  return broken && `must be ${broken.rule}, found ${quote(value)}${broken.nearest}`;
}

/**
 * The rule that a value breaks, and the nearest values that break none; `undefined` if the value is allowed.
 */
export function brokenBy(
  { schema, allowed, broken, nearest }: OptionKind<unknown>,
  value: unknown,
): { readonly rule: string; readonly nearest: string } | undefined {
  if (v.is(schema, value)) return undefined;
  const near = nearest?.(value);
  return { rule: broken?.(value) ?? allowed, nearest: near ? `; nearest: ${near}` : "" };
}

/** Schemas by option. */
export type Schemas = Record<string, v.GenericSchema>;

/** What a schema finds wrong, once for each option. */
export function issuesOf(
  schema: v.GenericSchema & { entries: Schemas },
  values: Record<string, unknown>,
): ConfigIssue[] {
  const allowed = Object.keys(schema.entries);
  // Names such as "__proto__" and "constructor" are in every object, unless they are looked for among its own
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(schema.entries, name));
  const known = Object.fromEntries(
    allowed.flatMap((name) => Object.hasOwn(values, name) ? [[name, values[name]]] : []),
  );
  const found = v.safeParse(schema, known).issues ?? [];
  const wrong = new Set(found.map((issue) => String(issue.path?.[0]?.key)));
  return [
    ...unknown.map((option) => ({ option, problem: unknownProblem(option, allowed) })),
    ...[...wrong].map((option) => {
      if (!Object.hasOwn(values, option)) return { option, problem: "is missing" };
      if (Object.hasOwn(optionTable, option)) {
        return { option, problem: optionProblem(option as OptionName, values[option]) ?? "is not allowed" };
      }
      const must = CONFIG_FIELDS[option] ?? "as this program writes it";
      return { option, problem: `must be ${must}, found ${quote(values[option])}` };
    }),
  ];
}

/** What the fields of a config that are not options must be. */
const CONFIG_FIELDS: Readonly<Record<string, string>> = {
  images: "a whole number above 0",
  changes: "a list of changes with step, option, from and to, in the order of steps",
  startedFrom: "an object with path, parts and sha256",
  kernels: "an object with the name of an adapter and its variants as strings",
};

/** A value as messages show it, short. */
export function quote(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" && typeof value !== "string") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? "an object";
  } catch {
    // Such as one that holds itself
    text = "an object";
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
