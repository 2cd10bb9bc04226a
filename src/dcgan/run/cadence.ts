import type { TrainConfig } from "../options/config.ts";

/** When a run's samples, checkpoints, scores and snapshots of averages are due. */
export class Schedule {
  #config: Pick<TrainConfig, "steps" | "sampleEvery" | "checkpointEvery" | "scoreEvery" | "emaSnapshots">;

  /** Of a run. */
  constructor(
    config: Pick<TrainConfig, "steps" | "sampleEvery" | "checkpointEvery" | "scoreEvery" | "emaSnapshots">,
  ) {
    this.#config = config;
  }

  /** The next step after which something is due, the end of the run included. */
  next(done: number): number {
    return Math.min(
      this.#config.steps,
      this.#nextSamples(done),
      this.#nextCheckpoint(done),
      this.#nextScore(done),
      this.#nextSnapshot(done),
    );
  }

  /** Whether samples are due after a step. */
  hasSamples(step: number): boolean {
    return this.#nextSamples(step - 1) === step;
  }

  /** Whether a checkpoint is due after a step. */
  hasCheckpoint(step: number): boolean {
    return this.#nextCheckpoint(step - 1) === step;
  }

  /** Whether a score is due after a step, or may be taken there if there is time. */
  hasScore(step: number): boolean {
    return this.#nextScore(step - 1) === step;
  }

  /** Whether a snapshot of the averages is due after a step. */
  hasSnapshot(step: number): boolean {
    return this.#nextSnapshot(step - 1) === step;
  }

  #nextSnapshot(done: number): number {
    const { steps, emaSnapshots } = this.#config;
    return emaSnapshots === 0 ? Infinity : nextSnapshot(done, steps, emaSnapshots);
  }

  #nextScore(done: number): number {
    return nextSamples(done, this.#config.steps, this.#config.scoreEvery);
  }

  #nextSamples(done: number): number {
    return nextSamples(done, this.#config.steps, this.#config.sampleEvery);
  }

  #nextCheckpoint(done: number): number {
    const { checkpointEvery } = this.#config;
    return checkpointEvery === 0 ? Infinity : multipleAfter(done, checkpointEvery);
  }
}

/** Grids of samples over a run that does not say how many steps lie between them. */
const PICTURES = 20;

/** How much farther each of the first pictures is than the one before. */
const GROWTH = 4;

/** Digits of the number of steps between pictures. */
const DIGITS = 2;

/**
 * The next step after which samples are drawn.
 *
 * Without a number of steps between them it follows from the run's length: the first after one step, then
 * after 4, 16, 64 and so on, so that something is soon to be seen; and besides about twenty, evenly over the
 * run.
 *
 * @param done Steps done.
 * @param steps Steps of the whole run.
 * @param every Steps between pictures; 0 for none but the last.
 */
export function nextSamples(done: number, steps: number, every: number | undefined): number {
  if (every === undefined) {
    return Math.min(nextEarly(done, evenly(steps)), multipleAfter(done, evenly(steps)));
  }
  return every === 0 ? Infinity : multipleAfter(done, every);
}

/**
 * The next step after which the averages are kept, if that is `count` times over the run, as evenly as steps
 * allow.
 */
export function nextSnapshot(done: number, steps: number, count: number): number {
  return Math.ceil((Math.floor(done * count / steps) + 1) * steps / count);
}

/** The next multiple of a number. */
export function multipleAfter(done: number, every: number): number {
  return (Math.floor(done / every) + 1) * every;
}

/** Steps between pictures, rounded up to what is easy to read. */
function evenly(steps: number): number {
  const exact = Math.ceil(steps / PICTURES);
  const unit = 10 ** Math.max(0, `${exact}`.length - DIGITS);
  return Math.ceil(exact / unit) * unit;
}

/** The next power of {@linkcode GROWTH} that comes before the even ones. */
function nextEarly(done: number, even: number): number {
  let step = 1;
  while (step <= done) step *= GROWTH;
  return step < even ? step : Infinity;
}
