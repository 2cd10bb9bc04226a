/** Where a command writes: the real terminal, or a test's own. */
export interface Terminal {
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
  /** Whether a person watches standard output, so that a line can be drawn over. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: () => number;
}

const encoder = new TextEncoder();

/** Writes all of a text. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

/**
 * Writes to standard output, and says once on standard error that it cannot: a log on a full disk, or a terminal that was
 * closed, must not end a run. Of a reader that has gone, as `head` goes, nothing is said.
 */
function outputWriter(writeError: (text: string) => void): (text: string) => void {
  let isTold = false;
  return (text) => {
    try {
      writeAll(Deno.stdout, text);
    } catch (error) {
      if (isTold || error instanceof Deno.errors.BrokenPipe) return;
      isTold = true;
      writeError(
        `warning: standard output cannot be written, and the command goes on: ${messageOf(error)}\n`,
      );
    }
  };
}

/** Writes to standard error. Where that fails too there is nobody left to tell. */
function writeToError(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // A command that goes on is worth more than its words
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}

/** The terminal, or the pipe, that this process was started on. */
export function systemTerminal(): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    write: outputWriter(writeToError),
    writeError: writeToError,
    isTerminal,
    // A terminal that knows no width says 0
    columns: () => isTerminal && columnsOf() || 80,
  };
}

/** Columns of the terminal; 0 where it was closed. */
function columnsOf(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 0;
  }
}
