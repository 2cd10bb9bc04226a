import { checkOptionValues, CONFIG_FACTS, parseConfig } from "./config.ts";
import { ConfigError, type ConfigIssue } from "./config_issue.ts";
import { parseJsonObject } from "./json_object.ts";
import type { TrainOptions } from "./options.ts";

/** Options that say how long a run is: one that is given takes the place of the others. */
const LENGTHS = ["steps", "epochs", "minutes"] as const;

/**
 * Reads options of a run from JSON: a file of one's own, with some options, or the `config.json` of a run,
 * from which a new run takes all options but the folder.
 *
 * @param text What the file holds.
 * @param source The file's path, for messages.
 * @throws {SyntaxError} if the text is not a JSON object.
 * @throws {ConfigError} if an option is unknown or not allowed, or says how to resume a run; it names every
 * such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOptions } from "@x/dcgan";
 *
 * assertEquals(parseOptions('{ "size": 32, "loss": "hinge" }'), { size: 32, loss: "hinge" });
 * ```
 */
export function parseOptions(text: string, source = "options.json"): TrainOptions {
  const value = parseJsonObject(text, source);
  if (Object.hasOwn(value, "version")) return optionsOf(text, source);
  const resumes = ["resume", "step", "more", "override"].filter((name) => Object.hasOwn(value, name));
  const issues: ConfigIssue[] = resumes.map((option) => ({
    option,
    problem: "must not be in a file: it is about resuming a run",
  }));
  issues.push(...checkOptionValues(value));
  if (issues.length > 0) throw new ConfigError(`Cannot use ${source}`, issues);
  return value;
}

/**
 * Options of a file with others on top, which come first: each takes the place of the file's own, options of
 * a dataset one by one, and a length in steps, epochs or minutes that of any length.
 */
export function withFileOptions(file: TrainOptions, given: TrainOptions): TrainOptions {
  const rest = { ...file };
  if (LENGTHS.some((name) => given[name] !== undefined)) { for (const name of LENGTHS) delete rest[name]; }
  const dataOptions = { ...file.dataOptions, ...given.dataOptions };
  // Options of another dataset mean nothing to this one
  const isOther = given.data !== undefined && given.data !== file.data;
  if (isOther) { for (const name of ["dataOptions", "dataRoot"] as const) delete rest[name]; }
  const kept = !isOther && Object.keys(dataOptions).length > 0 ? { dataOptions } : {};
  return { ...rest, ...given, ...kept };
}

/** The options of a run's config, without what is known of that run. */
function optionsOf(text: string, source: string): TrainOptions {
  const { out: _, ...config } = parseConfig(text, source);
  const facts: readonly string[] = CONFIG_FACTS;
  const options = Object.fromEntries(Object.entries(config).filter(([name]) => !facts.includes(name)));
  // It leaves nothing open for a preset to choose
  return { preset: "pytorch", ...options };
}
