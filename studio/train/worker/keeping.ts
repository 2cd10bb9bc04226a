import { Pace } from "./pace.ts";

/** When a run that is kept leaves a checkpoint: after its first steps, then once a minute, or less often if that takes long. */
export class Keeping {
  #pace = new Pace({ apart: 60_000, share: 0.05 });
  #since = 0;
  /** Steps of the latest checkpoint. */
  #kept = 0;

  /** The run goes on from a checkpoint of a step. */
  begin(step: number): void {
    this.#kept = step;
  }

  /** Whether one is due, for so many steps done. */
  isDueAt(step: number): boolean {
    if (step <= this.#kept || !this.#pace.isDue) return false;
    this.#since = performance.now();
    return true;
  }

  /** One of a step was written. */
  done(step: number): void {
    this.#kept = step;
    this.#pace.done(this.#since);
  }

  /** The next one is due at once. */
  hurry(): void {
    this.#pace.restart();
  }
}
