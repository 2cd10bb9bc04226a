import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** The flag, and what help says of it. */
const FLAG = "--json";
const SUMMARY = "write the result as JSON on standard output, and all else on standard error";

/**
 * Takes the flag out of the arguments, before they are parsed: that may fail too, and no command needs to
 * know of it.
 *
 * @returns Whether it was among them, and the others.
 */
export function takeJsonFlag(args: readonly string[]): { isJson: boolean; rest: readonly string[] } {
  const rest = args.filter((arg) => arg !== FLAG);
  return { isJson: rest.length < args.length, rest };
}

/** Lets help of every command that does something itself list the flag. */
export function addJsonFlag(program: CommandUnknownOpts): void {
  for (const command of program.commands) {
    if (command.commands.length > 0) addJsonFlag(command);
    else command.option(FLAG, SUMMARY);
  }
}

/** The words that call a command: `datasets info`. */
export function nameOf(command: CommandUnknownOpts): string {
  const names: string[] = [];
  for (let one: CommandUnknownOpts | null = command; one?.parent; one = one.parent) names.unshift(one.name());
  return names.join(" ");
}
