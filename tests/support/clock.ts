/** The clock of `performance.now()`, which can be put forward, as if something took so long. */
export class Clock implements Disposable {
  #now = performance.now;
  #ahead = 0;

  /** Takes the place of the clock until it is disposed. */
  constructor() {
    performance.now = () => this.#now.call(performance) + this.#ahead;
  }

  /** Puts it forward. */
  pass(seconds: number): void {
    this.#ahead += seconds * 1000;
  }

  /** Gives the clock back. */
  [Symbol.dispose](): void {
    performance.now = this.#now;
  }
}
