import type { Output } from "./json/output.ts";
import type { StrayErrors } from "./terminal/stray_errors.ts";
import type { Terminal } from "./terminal/terminal.ts";

/**
 * What the commands of one call share: where they write, what ends them early, and the exit code that they
 * leave.
 */
export interface Session {
  /** Where messages go; with `--json` all of it is standard error. */
  readonly terminal: Terminal;
  /** Where the result goes. */
  readonly output: Output;
  readonly strayErrors: StrayErrors;
  exitCode: number;
}
