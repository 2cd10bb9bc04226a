import { CommanderError } from "commander";
import { DatasetError } from "../../plugins/datasets/contract.ts";
import { ConfigError } from "../dcgan/options/config_issue.ts";
import type { OptionName } from "../dcgan/options/options.ts";
import { flagOf } from "./arguments/flags.ts";
import type { DocumentOf } from "./json/documents.ts";
import { INTERRUPT_EXIT_CODE } from "./terminal/interrupt.ts";
import { printable } from "./terminal/printable.ts";

/** A command that cannot be run as it was given: exit code 2, before anything was done. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Exit code for commands that cannot be run as they were given. */
export const USAGE_EXIT_CODE = 2;

/**
 * What an error says to a person, a line for each thing that is wrong, and the exit code that goes with it.
 */
export function explain(error: unknown): { lines: string[]; code: number } {
  // Commander has written its own message by the time that it throws.
  if (error instanceof CommanderError) return { lines: [], code: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  if (error instanceof ConfigError) {
    const lines = error.issues.map(({ option, problem }) =>
      printable(`error: ${flagOf(option as OptionName)} ${problem}`)
    );
    return { lines, code: USAGE_EXIT_CODE };
  }
  // Whatever could not be closed after an error, the error itself is what matters
  if (error instanceof SuppressedError) {
    const [first, then] = [explain(error.suppressed), explain(error.error)];
    return { lines: [...first.lines, ...then.lines], code: first.code };
  }
  // Input was checked before: a wrong type from here on is a mistake in the program, to be found by where it
  // came from.
  const isBug = error instanceof TypeError || error instanceof ReferenceError;
  const text = error instanceof Error ? (isBug && error.stack) || error.message : String(error);
  // A line break in what a dataset says is one of a name; a GPU's compiler writes several lines
  const lines = error instanceof DatasetError ? [text] : text.split("\n");
  return {
    lines: [`error: ${lines.map(printable).join("\n")}`],
    code: error instanceof UsageError ? USAGE_EXIT_CODE : 1,
  };
}

/** What programs get of an error. */
export function errorDocument(error: unknown, exitCode: number): DocumentOf<"error">["error"] {
  if (error instanceof SuppressedError) return errorDocument(error.suppressed, exitCode);
  const name = error instanceof Error ? error.name : "Error";
  const text = error instanceof Error ? error.message || error.name : String(error);
  const message = text.replace(/^error: /, "");
  return error instanceof ConfigError
    ? { name, message, exitCode, issues: error.issues }
    : { name, message, exitCode };
}

/** What programs get of a command that ended early, and had no error to throw. */
export function stoppedDocument(exitCode: number): DocumentOf<"error">["error"] {
  const message = exitCode === INTERRUPT_EXIT_CODE
    ? "Stopped by a signal before there was a result"
    : "Ended before there was a result: standard error says why";
  return { name: "AbortError", message, exitCode };
}
