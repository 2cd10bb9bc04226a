import { DatasetError } from "../contract.ts";
import { processGuard } from "./guard/process_guard.ts";

/** Seconds without progress before a dataset counts as hung, by default. */
export const DEFAULT_TIME_LIMIT = 300;

/** How long something may take, and who may end it. */
export interface TimeLimit {
  /** Seconds without a heartbeat after which it is abandoned; `Infinity` for no limit. */
  readonly seconds: number;
  /** Ends the waiting at once. */
  readonly signal: AbortSignal;
  /** What it is, to start the message with: `Dataset "digits"`. */
  readonly who: string;
  /** What it does, to continue the message with: "open". */
  readonly does: string;
}

/** Thrown if something hangs. */
export class HangingError extends DatasetError {}

/** Ends waiting for code that hangs; {@linkcode Watchdog.touch} is its heartbeat. */
export class Watchdog {
  readonly #limit: TimeLimit;
  readonly #end = Promise.withResolvers<never>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limit: TimeLimit) {
    this.#limit = limit;
    this.#end.promise.catch(() => {});
  }

  /** Restarts the count after a heartbeat. */
  touch(): void {
    const { seconds } = this.#limit;
    clearTimeout(this.#timer);
    if (!Number.isFinite(seconds) || this.#limit.signal.aborted) return;
    this.#timer = setTimeout(
      () => this.#end.reject(new HangingError(this.#sentence(""))),
      Math.min(seconds * 1000, 2 ** 31 - 1),
    );
  }

  /**
   * Starts work and waits for it, until it is over, the signal aborts or time is up. Abandoned work continues
   * by itself, as nothing can stop it. Work that lets nothing else run ends the process, if there is a
   * {@linkcode ProcessGuard}.
   *
   * @throws {HangingError} if time is up.
   */
  async waitFor<T>(start: () => T | PromiseLike<T>): Promise<T> {
    const { signal, seconds } = this.#limit;
    signal.throwIfAborted();
    const leave = processGuard()?.enter(
      this.#sentence(" and blocks the main thread, so the process is being stopped"),
      seconds,
    );
    const giveUp = () => this.#end.reject(signal.reason);
    try {
      const work = start();
      if (!isPromise(work)) return work;
      signal.addEventListener("abort", giveUp, { once: true });
      this.touch();
      return await Promise.race([work, this.#end.promise]);
    } finally {
      leave?.();
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", giveUp);
    }
  }

  #sentence(more: string): string {
    const { seconds, who, does } = this.#limit;
    return `${who} is hung: it did not ${does} within ${seconds} s${more}. ` +
      "If it is just slow, raise --data-timeout";
  }
}

/** Whether a value is a promise of some kind. */
function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | undefined)?.then === "function";
}
