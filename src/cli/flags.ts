/** The options of a run as flags of the command line, all made from the one table in the library. */
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { OptionSpec } from "../dcgan/option.ts";
import { optionProblem } from "../dcgan/config.ts";
import { optionNames, optionTable } from "../dcgan/option_table.ts";
import type { OptionName, TrainOptions } from "../dcgan/options.ts";

/** The flag of an option: `learningRate` is `--learning-rate`, and `dataOptions` is `--data-option`, once for each. */
export function flagOf(name: OptionName): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `--${name === "dataOptions" ? "data-option" : words}`;
}

/** What help says after an option's summary. */
function defaultOf(spec: OptionSpec<unknown>): string {
  if (spec.value === undefined) return "";
  if (spec.otherwise !== undefined) return `default: ${spec.otherwise}`;
  return typeof spec.default === "object" ? "" : `default: ${spec.default}`;
}

/** Makes the flag of one option. Defaults stay with the library, so that what was given can be told from what was not. */
function flag(name: OptionName): Option {
  const spec: OptionSpec<unknown> = optionTable[name];
  const notes = [spec.choices?.join(", "), defaultOf(spec)].filter((note) =>
    note !== undefined && note !== ""
  );
  const summary = notes.length === 0 ? spec.summary : `${spec.summary} (${notes.join("; ")})`;
  if (spec.value === undefined) return new Option(flagOf(name), summary).helpGroup(`${spec.group}:`);
  return new Option(`${flagOf(name)} <${spec.value}>`, summary)
    .helpGroup(`${spec.group}:`)
    .argParser((text: string, before: unknown) => {
      const value = spec.fromText(text);
      const problem = optionProblem(name, value);
      if (problem !== undefined) throw new InvalidArgumentError(`It must be ${spec.allowed}.`);
      return name === "dataOptions" ? { ...(before as object | undefined), ...(value as object) } : value;
    });
}

/** Adds the flags of all options of a run to a command. */
export function addTrainFlags(command: Command): Command {
  for (const name of optionNames) {
    command.addOption(flag(name));
    const { group, opposite }: OptionSpec<unknown> = optionTable[name];
    if (opposite === undefined) continue;
    command.addOption(
      new Option(flagOf(name).replace("--", "--no-"), opposite).helpGroup(`${group}:`),
    );
  }
  return command;
}

/** The options of a run out of what commander has read. */
export function trainOptions(parsed: Readonly<Record<string, unknown>>): TrainOptions {
  const { dataOption, ...options } = parsed;
  return { ...options, ...(dataOption === undefined ? {} : { dataOptions: dataOption }) } as TrainOptions;
}
