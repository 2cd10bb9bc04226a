/** Milliseconds between two times at least. */
const LEAST_PAUSE = 10_000;

/** The pause after work is at least this many times what the work took: less than a hundredth of the time. */
const PAUSE = 150;

/** Lets work that only shows a run take less than 1% of its time. */
export class Pacer {
  readonly #now: () => number;
  #next: number;

  /**
   * @param now Milliseconds, from any start.
   */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#next = now() + LEAST_PAUSE;
  }

  /** Whether the pause is over. */
  get isDue(): boolean {
    return this.#now() >= this.#next;
  }

  /** Does the work, after which comes a pause. */
  async work<T>(work: () => Promise<T>): Promise<T> {
    const began = this.#now();
    try {
      return await work();
    } finally {
      const end = this.#now();
      this.#next = end + Math.max(LEAST_PAUSE, PAUSE * (end - began));
    }
  }
}
