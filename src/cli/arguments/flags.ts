/** The options of a run as flags of the command line, all made from the one table in the library. */
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { nearest } from "../../../plugins/datasets/messages.ts";
import { OPTION_GROUPS, type OptionKind, type OptionSpec } from "../../dcgan/options/option.ts";
import { brokenBy } from "../../dcgan/options/config_issue.ts";
import { optionNames, optionTable } from "../../dcgan/options/option_table.ts";
import type { OptionName } from "../../dcgan/options/options.ts";
import { replacedOptions } from "../../dcgan/options/table/replaced_options.ts";

/**
 * The flag of an option: `learningRate` is `--learning-rate`, and each of `dataOptions` has one of its own.
 */
export function flagOf(name: string): string {
  if (name === "dataOptions") return "--data-<option>";
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The flag that turns an option off. */
function noFlagOf(name: OptionName): string {
  return flagOf(name).replace("--", "--no-");
}

/** What help says after an option's summary. */
function defaultOf(spec: OptionSpec<unknown>): string {
  if (spec.value === undefined) return "";
  if (spec.alone) return "";
  if (spec.otherwise !== undefined) return `default: ${spec.otherwise}`;
  if (Array.isArray(spec.default)) return `default: ${spec.default.join(",") || "none"}`;
  return typeof spec.default === "object" ? "" : `default: ${spec.default}`;
}

/** The heading of an option in help. */
function headingOf(name: OptionName): string {
  return `${optionTable[name].group}:`;
}

/**
 * Makes the flag of one option. Defaults stay with the library, so given options can be told from defaults.
 */
function flag(name: OptionName): Option {
  const spec: OptionSpec<unknown> = optionTable[name];
  const notes = [spec.choices?.join(", "), defaultOf(spec)].filter((note) =>
    note !== undefined && note !== ""
  );
  const summary = notes.length === 0 ? spec.summary : `${spec.summary} (${notes.join("; ")})`;
  if (spec.value === undefined) return new Option(flagOf(name), summary).helpGroup(headingOf(name));
  const value = spec.alone ? `[${spec.value}]` : `<${spec.value}>`;
  return new Option(`${flagOf(name)} ${value}`, summary)
    .helpGroup(headingOf(name))
    .argParser(readerOf(spec));
}

/** Reads the text of a flag as a kind of value has it. */
export function readerOf<T>(kind: OptionKind<T>): (text: string) => T {
  return (text) => {
    const value = kind.fromText(text);
    const broken = brokenBy(kind, value);
    if (broken) {
      const close = nearest(text, kind.choices ?? []);
      const advice = close === undefined || broken.nearest !== "" ? "" : ` Did you mean ${close}?`;
      throw new InvalidArgumentError(`It must be ${broken.rule}${broken.nearest}.${advice}`);
    }
    return value as T;
  };
}

/** Names of the options that have one flag each; those of the dataset are its own. */
const flagNames: readonly OptionName[] = optionNames.filter((name) => name !== "dataOptions");

/** The flag that lets a command replace a file, as arguments of `option()`. */
export const overwriteFlag = ["--overwrite", "replace existing files"] as const;

/** The flag that leaves out what a picture says of itself, as arguments of `option()`. */
export const unmarkedFlag = [
  "--unmarked",
  "do not write into the file that it is generated, and how it was made",
] as const;

/** Flags that stand alone; all others have a value after them. */
export const loneFlags: readonly string[] = [
  ...flagNames.filter((name) => !("value" in optionTable[name])).flatMap((
    name,
  ) => [flagOf(name), noFlagOf(name)]),
  ...[overwriteFlag[0], "--help", "-h"],
];

/**
 * Adds the flags of all options of a run to a command, and those that older versions had, which say what to
 * give.
 */
export function addTrainFlags(command: Command): Command {
  addFlags(
    command,
    OPTION_GROUPS.flatMap((group) => flagNames.filter((name) => optionTable[name].group === group)),
  );
  for (const [name, { by, value }] of Object.entries(replacedOptions)) {
    command.addOption(
      new Option(`${flagOf(name)} <value>`).hideHelp().argParser((): never => {
        throw new InvalidArgumentError(`It is part of ${flagOf(by)} now: give that ${value}.`);
      }).helpGroup(headingOf(by)),
    );
  }
  return command;
}

/** Adds the flags of some options of a run to a command. */
export function addFlags(command: Command, names: readonly OptionName[]): Command {
  for (const name of names) {
    command.addOption(flag(name));
    const { opposite }: OptionSpec<unknown> = optionTable[name];
    if (opposite === undefined) continue;
    command.addOption(new Option(noFlagOf(name), opposite).helpGroup(headingOf(name)));
  }
  return command;
}
