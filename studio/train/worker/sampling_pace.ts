/** Milliseconds between live samples at least. */
const APART = 1000;

/** Share of the time that live samples may take. */
const SHARE = 0.1;

/** When live samples are due: as often as they take little of the time. */
export class SamplingPace {
  #next = 0;

  /** Whether new ones are due. */
  get isDue(): boolean {
    return performance.now() >= this.#next;
  }

  /** They were drawn, from a moment until now. */
  drawn(started: number): void {
    const now = performance.now();
    // The first ones of a trainer take long, as kernels are compiled for them
    const took = this.#next === 0 ? 0 : now - started;
    this.#next = now + Math.max(APART, took / SHARE);
  }

  /** Another trainer begins. */
  restart(): void {
    this.#next = 0;
  }
}
