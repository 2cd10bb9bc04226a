/** How often something is done that takes time from training. */
export interface PaceLimits {
  /** Milliseconds between two times at least. */
  readonly apart: number;
  /** Share of the time that it may take. */
  readonly share: number;
}

/** When something is due: as often as it takes little of the time. */
export class Pace {
  readonly #limits: PaceLimits;
  #next = 0;

  /** The first time is due at once. */
  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** Whether it is due. */
  get isDue(): boolean {
    return performance.now() >= this.#next;
  }

  /** It was done, from a moment until now. */
  done(started: number): void {
    const now = performance.now();
    // The first time takes long, as kernels are compiled for it
    const took = this.#next === 0 ? 0 : now - started;
    this.#next = now + Math.max(this.#limits.apart, took / this.#limits.share);
  }

  /** Another trainer begins. */
  restart(): void {
    this.#next = 0;
  }
}
