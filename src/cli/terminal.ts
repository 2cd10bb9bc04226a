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

/** Writes all of a text; a reader that has gone, as `head` goes, is no error. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** The terminal, or the pipe, that this process was started on. */
export function systemTerminal(): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    write: (text) => writeAll(Deno.stdout, text),
    writeError: (text) => writeAll(Deno.stderr, text),
    isTerminal,
    // A terminal that knows no width says 0
    columns: () => isTerminal && Deno.consoleSize().columns || 80,
  };
}
