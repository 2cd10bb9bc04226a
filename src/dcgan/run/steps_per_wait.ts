/** At most this many times as many steps as the last time run without waiting. */
const GROWTH = 4;

/**
 * How many steps to run before waiting for the GPU. Waiting costs at least 10 ms in Deno, and running ahead
 * without end would fill the queue: the number follows the measured speed, so that waits come at a steady
 * interval.
 */
export class Pace {
  #interval: number;
  #steps = 1;
  #secondsPerStep = 0;
  #started: number = performance.now();

  /** With seconds between waits. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Steps to run until the next wait. */
  get steps(): number {
    return this.#steps;
  }

  /** Seconds of a step, as last measured. */
  get secondsPerStep(): number {
    return this.#secondsPerStep;
  }

  /**
   * Takes note that this many steps are done since the last call or {@linkcode restart}; returns steps per
   * second.
   */
  measure(steps: number): number {
    const now = performance.now();
    const speed = steps / Math.max((now - this.#started) / 1000, 1e-6);
    this.#started = now;
    this.#secondsPerStep = 1 / speed;
    this.#steps = Math.max(1, Math.min(Math.round(speed * this.#interval), this.#steps * GROWTH));
    return speed;
  }

  /** Starts measuring now, after something that was no training. */
  restart(): void {
    this.#started = performance.now();
  }
}
