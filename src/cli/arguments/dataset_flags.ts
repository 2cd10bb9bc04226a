/** The options of a dataset as flags of the command line, made from what its plugin declares. */
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { DatasetPlugin, PluginOption, ResolvedDataset } from "../../../plugins/datasets/mod.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { loneFlags } from "./flags.ts";

/** A dataset that the arguments name. */
export interface ChosenDataset extends ResolvedDataset {
  /** What names it. */
  readonly specifier: string;
}

/** The flag of a dataset's option: `hair_color` is `--data-hair-color`. */
export function datasetFlagOf(option: string): string {
  const words = option.replaceAll("_", "-").replaceAll(/(?<=[^-])[A-Z]/g, "-$&");
  return `--data-${words.toLowerCase()}`;
}

/**
 * Finds the dataset that is named, before anything else is read: it decides which flags there are.
 *
 * @param specifier What names it.
 * @param args All arguments, as some say how long it may take.
 * @param session Learns the name of an external plugin, for its errors.
 * @param flag What the error starts with, if anything.
 * @throws {UsageError} if there is none.
 */
export async function chooseDataset(
  specifier: string,
  args: readonly string[],
  { strayErrors }: Session,
  flag = "",
): Promise<ChosenDataset> {
  const { builtInDatasets, DatasetError, resolveDataset } = await import("../../../plugins/datasets/mod.ts");
  const timeLimit = Number(valueOf("--data-timeout", args));
  strayErrors.plugin = specifier;
  try {
    // An invalid time is reported later, like the other flags
    const found = await resolveDataset(specifier, timeLimit > 0 ? { timeLimit } : {});
    if (Object.values(builtInDatasets).includes(found.plugin)) strayErrors.plugin = undefined;
    strayErrors.loaded = found.plugin;
    return { specifier, ...found };
  } catch (error) {
    if (error instanceof DatasetError) throw new UsageError(`${flag}${error.message}`);
    throw error;
  }
}

/** The value of a flag among arguments: `--data x` or `--data=x`. */
export function valueOf(flag: string, args: readonly string[]): string | undefined {
  const place = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (place < 0) return undefined;
  return args[place] === flag ? args[place + 1] : args[place]!.slice(flag.length + 1);
}

/** The first argument that is neither a flag nor the value of one. */
export function firstOperand(args: readonly string[]): string | undefined {
  return args.find((arg, i) => {
    const before = args[i - 1] ?? "";
    const isValue = before.startsWith("-") && !before.includes("=") && !loneFlags.includes(before);
    return !arg.startsWith("-") && !isValue;
  });
}

/** Adds the flags of a dataset's options to a command. */
export async function addDatasetFlags(command: Command, { plugin, specifier }: ChosenDataset): Promise<void> {
  const { describeOption, isAllowed, readOptionText } = await import("../../../plugins/datasets/mod.ts");
  for (const [name, option] of Object.entries(plugin.options ?? {})) {
    const flag = new Option(`${datasetFlagOf(name)} ${placeholder(option)}`, summary(option))
      .helpGroup(`Options of dataset ${specifier}:`)
      .argParser((text: string) => {
        const value = readOptionText(option, text);
        if (!isAllowed(option, value)) {
          throw new InvalidArgumentError(`It must be ${describeOption(option)}.`);
        }
        return value;
      });
    if (option.type === "boolean") flag.preset("true");
    command.addOption(flag);
  }
}

/** Takes the values of a dataset's options out of what commander has read. */
export function takeDatasetOptions(
  parsed: Readonly<Record<string, unknown>>,
  plugin: DatasetPlugin,
): { dataOptions: Record<string, string | number | boolean>; rest: Record<string, unknown> } {
  const rest = { ...parsed };
  const dataOptions: Record<string, string | number | boolean> = {};
  for (const name of Object.keys(plugin.options ?? {})) {
    const key = new Option(datasetFlagOf(name)).attributeName();
    if (rest[key] !== undefined) dataOptions[name] = rest[key] as string | number | boolean;
    delete rest[key];
  }
  return { dataOptions, rest };
}

/** What a dataset's option takes and what it is without it, for help. */
export function summary({ description, default: value, ...option }: PluginOption): string {
  const notes = [
    option.type === "string" && option.enum ? option.enum.join(", ") : "",
    value === "" ? "" : `default: ${value}`,
  ].filter((note) => note !== "");
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

function placeholder({ type }: PluginOption): string {
  if (type === "boolean") return "[true|false]";
  return type === "string" ? "<text>" : "<number>";
}
