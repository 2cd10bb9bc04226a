import type { StrayErrors } from "./terminal/stray_errors.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What the commands of one call share: where they write, what ends them early, and the exit code that they leave. */
export interface Session {
  readonly terminal: Terminal;
  readonly strayErrors: StrayErrors;
  exitCode: number;
}
