import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { nearest } from "../../../plugins/datasets/messages.ts";
import { UsageError } from "../errors.ts";
import { loneFlags } from "./flags.ts";

/** What of a command is looked at. */
type Looked = Pick<CommandUnknownOpts, "name" | "commands" | "options">;

/**
 * Refuses an option with one dash in front, `-size`, and help on a command that there is not: commander takes
 * the first for several short options, and shows the help of the program for the second.
 *
 * @throws {UsageError} naming what was most likely meant.
 */
export function checkWords(program: Looked, args: readonly string[]): void {
  const [first, second] = args;
  if (first === "help" && second !== undefined) return checkHelp(second, program.commands);
  const { options } = calledBy(program, args);
  for (const [at, arg] of args.entries()) {
    const [, name] = /^-([a-z][a-z0-9-]+)(?:=.*)?$/.exec(arg) ?? [];
    const before = args[at - 1] ?? "";
    const isValue = before.startsWith("--") && !before.includes("=") && !loneFlags.includes(before);
    if (name === undefined || isValue || !options.some(({ long }) => long === `--${name}`)) continue;
    throw new UsageError(`unknown option '-${name}': options begin with two dashes. Did you mean --${name}?`);
  }
}

function checkHelp(word: string, commands: readonly Looked[]): void {
  const names = commands.map((command) => command.name());
  if (word === "help" || word.startsWith("-") || names.includes(word)) return;
  const close = nearest(word, names);
  const advice = close ? `. Did you mean ${close}?` : `: allowed are ${names.join(", ")}`;
  throw new UsageError(`unknown command '${word}'${advice}`);
}

/** The command that arguments call, or the one that has it. */
function calledBy(command: Looked, args: readonly string[]): Looked {
  const [first, ...others] = args;
  const called = command.commands.find((one) => one.name() === first);
  return called ? calledBy(called, others) : command;
}
