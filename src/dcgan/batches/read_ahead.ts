/** One thing that is being made, and for which step. */
interface Item<T> {
  readonly step: number;
  readonly value: Promise<T>;
}

/**
 * Makes what steps need before they ask for it: one after the other, and never more than `depth` that were
 * not taken yet. An error is kept for the step that it is of.
 */
export class ReadAhead<T> implements Disposable {
  #make: (step: number, signal: AbortSignal) => Promise<T>;
  #depth: number;
  #items: Item<T>[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #stop: AbortController = new AbortController();
  #signal: AbortSignal;

  /**
   * Nothing is made before the first is asked for.
   *
   * @param make What is made for a step; it is never called again before it is done.
   * @param depth How many may wait to be taken.
   * @param signal Ends everything.
   */
  constructor(make: (step: number, signal: AbortSignal) => Promise<T>, depth: number, signal?: AbortSignal) {
    this.#make = make;
    this.#depth = depth;
    this.#signal = signal ? AbortSignal.any([this.#stop.signal, signal]) : this.#stop.signal;
  }

  /** What a step needs. Steps that do not follow the one before begin anew. */
  take(step: number): Promise<T> {
    if (this.#items[0]?.step !== step) this.#items = [];
    this.#fill(step);
    const { value } = this.#items.shift()!;
    this.#fill(step + 1);
    return value;
  }

  /** Ends what is being made; nothing is taken afterwards. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  #fill(first: number): void {
    for (let step = first + this.#items.length; this.#items.length < this.#depth; step++) {
      const value = this.#last.then(() => {
        this.#signal.throwIfAborted();
        return orAborted(this.#make(step, this.#signal), this.#signal);
      });
      this.#last = value.catch(() => {});
      this.#items.push({ step, value });
    }
  }
}

/** The result of a promise, unless the signal aborts first: its source may not listen to the signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener("abort", abort));
}

/** Bytes of batches that may wait to be taken. */
const WAITING_BYTES = 32 * 2 ** 20;

/** How many batches of a size to read ahead: at least 2, at most 16. */
export function depthFor(batchBytes: number): number {
  return Math.max(2, Math.min(16, Math.floor(WAITING_BYTES / batchBytes)));
}
