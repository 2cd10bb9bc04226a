/** Milliseconds of work before something else gets a turn. */
const TURN = 50;

/** Lets other things have a turn in long work that waits for nothing: else Ctrl-C is not heard before its end. */
export class Turns {
  readonly #signal: AbortSignal;
  #last = performance.now();

  /** @param signal Ends the work. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * Waits for others, if that is due. To be called often.
   *
   * @throws {DOMException} Or whatever else the signal's reason is, once it has aborted.
   */
  async give(): Promise<void> {
    if (performance.now() - this.#last >= TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#last = performance.now();
    }
    this.#signal.throwIfAborted();
  }
}
