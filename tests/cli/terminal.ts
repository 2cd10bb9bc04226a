import type { Terminal } from "../../src/cli/terminal/terminal.ts";

/** A terminal that keeps what is written to it. */
export interface FakeTerminal extends Terminal {
  /** What went to standard output. */
  readonly output: () => string;
  /** What went to standard error. */
  readonly errors: () => string;
}

/** Makes a terminal, or a pipe, that keeps what is written to it. */
export function fakeTerminal({ isTerminal = false, columns = 110 } = {}): FakeTerminal {
  let output = "";
  let errors = "";
  return {
    write: (text) => void (output += text),
    writeError: (text) => void (errors += text),
    isTerminal,
    columns: () => columns,
    output: () => output,
    errors: () => errors,
  };
}
