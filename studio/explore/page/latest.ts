/** Runs tasks one at a time. Of those that wait, only the newest is run: sliders ask faster than pictures come. */
export class Latest {
  #isRunning = false;
  #next: (() => Promise<void>) | undefined;

  /** Runs a task, now or once the one that runs is done. */
  run(task: () => Promise<void>): void {
    this.#next = task;
    if (!this.#isRunning) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#next) {
        const task = this.#next;
        this.#next = undefined;
        await task();
      }
    } finally {
      this.#isRunning = false;
    }
  }
}
