import type { Terminal } from "./terminal.ts";

/** What the commands of one call share: where they write, and the exit code that they leave. */
export interface Session {
  readonly terminal: Terminal;
  exitCode: number;
}
