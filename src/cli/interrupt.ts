/** Signals that ask a process to end; Windows has only the first. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Exit code of a process that Ctrl-C ended, as shells have it. */
export const INTERRUPT_EXIT_CODE = 130;

/** Turns the first Ctrl-C into an abort, so that a run can end well; the second ends the process at once. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listener: () => void;
  /** Aborts at the first Ctrl-C, or as something else does that ends the run. */
  readonly signal: AbortSignal;

  /**
   * @param onFirst Called at the first Ctrl-C, to tell the person what happens now.
   * @param other Something else that ends the run.
   */
  constructor(onFirst: () => void, other?: AbortSignal) {
    const own = this.#controller.signal;
    this.signal = other ? AbortSignal.any([own, other]) : own;
    this.#listener = () => {
      if (own.aborted) Deno.exit(INTERRUPT_EXIT_CODE);
      this.#controller.abort();
      onFirst();
    };
    for (const signal of SIGNALS) Deno.addSignalListener(signal, this.#listener);
  }

  /** Gives Ctrl-C its usual meaning back. */
  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#listener);
  }
}
