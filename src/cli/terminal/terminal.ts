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

/** What is written to. */
export interface Stream {
  /** Writes some of the bytes, and returns how many. */
  writeSync(bytes: Uint8Array): number;
}

/** Milliseconds between tries if a reader is slow. */
const PAUSE = 10;
/** Tries without a byte written after which a text is given up: its reader may be stopped for hours. */
const TRIES = 500;

const encoder = new TextEncoder();
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Makes a function that writes all of a text to a stream. What it cannot write is dropped: a disk that is full under a log,
 * a terminal that was closed, a reader that has gone, as `head` goes, are no reasons to end a run.
 *
 * @param stream Where to write.
 * @param onFirstFailure Receives the first error, unless it is only that nobody reads.
 */
export function writerTo(
  stream: Stream,
  onFirstFailure: (error: Error) => void = () => {},
): (text: string) => void {
  let hasFailed = false;
  return (text) => {
    try {
      writeAll(stream, encoder.encode(text));
    } catch (error) {
      if (!hasFailed && !(error instanceof Deno.errors.BrokenPipe)) onFirstFailure(error as Error);
      hasFailed = true;
    }
  };
}

function writeAll(stream: Stream, bytes: Uint8Array): void {
  for (let written = 0, tries = 0; written < bytes.length;) {
    try {
      const count = stream.writeSync(bytes.subarray(written));
      written += count;
      tries = count > 0 ? 0 : tries + 1;
    } catch (error) {
      // A pipe that does not block is full for now
      if (!(error instanceof Deno.errors.WouldBlock) || ++tries === TRIES) throw error;
      Atomics.wait(clock, 0, 0, PAUSE);
    }
    if (tries === TRIES) throw new Error("the reader takes nothing more");
  }
}

/** The terminal, or the pipe, that this process was started on. */
export function systemTerminal(): Terminal {
  const isTerminal = Deno.stdout.isTerminal();
  const writeError = writerTo(Deno.stderr);
  const write = writerTo(
    Deno.stdout,
    ({ message }) =>
      writeError(`warning: cannot write to standard output; the command continues: ${message}\n`),
  );
  return { write, writeError, isTerminal, columns: () => isTerminal ? columnsOf() : 80 };
}

function columnsOf(): number {
  try {
    // A terminal that knows no width says 0
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // It was closed
  }
}
