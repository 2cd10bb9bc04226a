import type { OpenDatasetOptions } from "../../../plugins/datasets/mod.ts";
import type { Session } from "../session.ts";
import { Interrupt, INTERRUPT_EXIT_CODE } from "./interrupt.ts";
import { ProgressLine } from "./progress_line.ts";

/** Receives the messages and the progress of something that takes its time, and stops it at Ctrl-C. */
export type Watch = Required<Pick<OpenDatasetOptions, "report" | "progress" | "signal">>;

/** Options of {@linkcode watching}. */
export interface WatchingOptions {
  /** What Ctrl-C leaves of the work, if that is not plain. */
  readonly remains?: string | undefined;
  /** Whether messages go to standard error, as standard output is for the result. */
  readonly onError?: boolean;
}

/** Runs something that may take its time: progress is shown, and Ctrl-C ends it. */
export async function watching(
  session: Omit<Session, "output">,
  work: (watch: Watch) => Promise<void>,
  { remains, onError = false }: WatchingOptions = {},
): Promise<void> {
  const { terminal } = session;
  const line = new ProgressLine(onError ? { ...terminal, write: terminal.writeError } : terminal);
  using interrupt = new Interrupt(
    () =>
      line.write(
        `Stopping${remains === undefined ? "" : `, ${remains}`}. Press Ctrl-C again to stop at once.`,
      ),
    session.strayErrors.signal,
  );
  try {
    await work({
      signal: interrupt.signal,
      report: (message) => line.write(message),
      progress: (progress) => line.show(progress),
    });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    session.exitCode = INTERRUPT_EXIT_CODE;
  } finally {
    line.clear();
  }
}
