import type { Program } from "../../gpu/mod.ts";

/**
 * The programs of a run's steps: that with gradient penalties runs first, and then in every so many steps.
 */
export class StepPrograms implements Disposable {
  /** The step with penalties, if there are any. */
  readonly penalized: Program;
  /** The step without, if only every few steps have them. */
  readonly between: Program | undefined;
  #every: number;

  /**
   * Records them.
   *
   * @param every Penalties are in the first of so many steps.
   * @param record Records a step in which penalties count so many times: as often as there are steps for one
   * that has them, or not at all.
   */
  constructor(every: number, record: (times: number) => Program) {
    using owned = new DisposableStack();
    this.#every = every;
    this.penalized = owned.use(record(every));
    this.between = every === 1 ? undefined : owned.use(record(0));
    owned.move();
  }

  /** How many times penalties count in a step, counted from 0. */
  timesIn(step: number): number {
    return step % this.#every === 0 ? this.#every : 0;
  }

  /** That of a step, counted from 0. */
  of(step: number): Program {
    return this.between && this.timesIn(step) === 0 ? this.between : this.penalized;
  }

  /** Floating-point operations of a step, in the mean of all: of products only. */
  get work(): number {
    const workOf = ({ launches }: Program) =>
      launches.reduce((sum, { launch }) => sum + (launch.work ?? 0), 0);
    const penalized = workOf(this.penalized);
    return this.between ? workOf(this.between) + (penalized - workOf(this.between)) / this.#every : penalized;
  }

  /** Bytes of temporaries and of images of them, of both. */
  get temporaryBytes(): number {
    return [this.penalized, this.between].reduce(
      (sum, program) => sum + (program ? program.stats.temporaryBytes + program.stats.imageBytes : 0),
      0,
    );
  }

  /** The one that most of some steps have, counted from 0; the last is `end - 1`. */
  usual(first: number, end: number): Program {
    return end - first > 1 ? this.between ?? this.penalized : this.of(first);
  }

  /** Frees their memory. */
  [Symbol.dispose](): void {
    this.between?.[Symbol.dispose]();
    this.penalized[Symbol.dispose]();
  }
}
