import { DatasetError } from "./contract.ts";

/** How long something may take, and who may end it. */
export interface TimeLimit {
  /** Seconds without a sign of life after which it is given up; `Infinity` for as long as it likes. */
  readonly seconds: number;
  /** Ends the waiting at once. */
  readonly signal: AbortSignal;
  /** What it is, to start the message with: `Dataset "digits"`. */
  readonly who: string;
  /** What it does, to go on with: "open". */
  readonly does: string;
}

/** Thrown where something hangs. */
export class HangingError extends DatasetError {}

/** Ends waiting for code that hangs; {@linkcode Watchdog.touch} says that it is alive. */
export class Watchdog {
  readonly #limit: TimeLimit;
  readonly #end = Promise.withResolvers<never>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limit: TimeLimit) {
    this.#limit = limit;
    this.#end.promise.catch(() => {});
  }

  /** Starts to count anew, as there was a sign of life. */
  touch(): void {
    const { seconds, who, does } = this.#limit;
    clearTimeout(this.#timer);
    if (!Number.isFinite(seconds) || this.#limit.signal.aborted) return;
    this.#timer = setTimeout(() => {
      const message = `${who} hangs: it did not ${does} within ${seconds} s`;
      this.#end.reject(new HangingError(`${message}; if it only is slow, allow more with --data-timeout`));
    }, Math.min(seconds * 1000, 2 ** 31 - 1));
  }

  /**
   * Waits for work, until it is over, the signal aborts or time is up. Work that is given up goes on by itself, as
   * nothing can stop it.
   *
   * @throws {HangingError} Where time is up.
   */
  async waitFor<T>(work: PromiseLike<T>): Promise<T> {
    const { signal } = this.#limit;
    const giveUp = () => this.#end.reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    this.touch();
    try {
      signal.throwIfAborted();
      return await Promise.race([work, this.#end.promise]);
    } finally {
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", giveUp);
    }
  }
}

/** Whether a value is a promise of some kind. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | undefined)?.then === "function";
}
