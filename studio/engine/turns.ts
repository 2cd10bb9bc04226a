/** A queue of tasks, of which one runs at a time, first come first served. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a task when those before it are done, whether or not they failed. */
  take<T>(task: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
