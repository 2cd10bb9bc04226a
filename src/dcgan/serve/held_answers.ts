import { NotDrawnError } from "./draw_queue.ts";

/** Bytes of all answers that are being made or sent at most. */
export const MOST_HELD = 256 * 2 ** 20;

/** Counts the memory of answers until clients have them: slow ones could ask for more and more. */
export class HeldAnswers {
  #bytes = 0;

  /**
   * Counts an answer until its client has it, or is gone.
   *
   * @param bytes What it takes at most.
   * @param signal Aborts then.
   * @throws {NotDrawnError} if there is no room for it beside others.
   */
  hold(bytes: number, signal: AbortSignal): void {
    if (this.#bytes > 0 && this.#bytes + bytes > MOST_HELD) {
      throw new NotDrawnError("full", "Cannot draw this now: too many answers are on their way. Try again");
    }
    if (signal.aborted) return;
    this.#bytes += bytes;
    signal.addEventListener("abort", () => this.#bytes -= bytes, { once: true });
  }
}
