/**
 * Work that is done one at a time: while one goes on, only the latest wish waits, and those before it are dropped. A
 * slider may move faster than pictures are drawn.
 */
export class Latest {
  #isBusy = false;
  #waiting: (() => Promise<void>) | undefined;

  /** Does it now, or once what goes on is done. */
  async do(work: () => Promise<void>): Promise<void> {
    this.#waiting = work;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#waiting) {
        const next: () => Promise<void> = this.#waiting;
        this.#waiting = undefined;
        await next();
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
