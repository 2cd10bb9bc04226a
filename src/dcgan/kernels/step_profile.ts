import {
  type Device,
  fastestSums,
  FmaLimit,
  LaunchTimer,
  type Profile,
  type Program,
  Stopwatch,
  summarizeProfile,
} from "../../gpu/mod.ts";
import type { Trainer } from "../trainer.ts";

/** The steps that are timed, counted from 1 when a run starts or resumes: caches fill in those before. */
const TIMED = { first: 3, last: 12 };

/** Where the time of a training step goes, kernel by kernel: the median of the steps that were timed. */
export interface StepProfile extends Profile {
  /** Name of the adapter. */
  readonly adapter: string;
  /** The first step that was timed, counted from 1. */
  readonly firstStep: number;
  /** The last one. */
  readonly lastStep: number;
}

/** The first step and the last that are timed of a run that goes on from where its trainer is. */
function timedSteps(trainer: Trainer, steps: number): [first: number, last: number] {
  return [Math.min(trainer.steps + TIMED.first, steps), Math.min(trainer.steps + TIMED.last, steps)];
}

/**
 * Times every kernel in a few early steps of a run. They are steps as all others: what they compute is the
 * same. If only every few steps have gradient penalties, those without are timed.
 */
export class StepProfiler implements Disposable {
  /** The first step to time. */
  readonly first: number;
  /** The last step to time. */
  readonly last: number;
  #trainer: Trainer;
  #adapter: string;
  #program: Program;
  #timer: LaunchTimer;
  #limit: FmaLimit;
  #limitBefore: number;
  #owned: DisposableStack;
  #steps: number[][] = [];
  #timed: { first: number; last: number } | undefined;

  private constructor(
    trainer: Trainer,
    steps: number,
    measures: { adapter: string; program: Program; timer: LaunchTimer; limit: FmaLimit; limitBefore: number },
    owned: DisposableStack,
  ) {
    [this.first, this.last] = timedSteps(trainer, steps);
    this.#trainer = trainer;
    this.#adapter = measures.adapter;
    this.#program = measures.program;
    this.#timer = measures.timer;
    this.#limit = measures.limit;
    this.#limitBefore = measures.limitBefore;
    this.#owned = owned;
  }

  /**
   * Makes ready to time the steps of a run, and measures the adapter's limit; takes some seconds.
   *
   * @param steps Steps that the run has.
   * @throws {TimestampsMissingError} if the device has no timestamps.
   */
  static async on(device: Device, trainer: Trainer, steps: number): Promise<StepProfiler> {
    using owned = new DisposableStack();
    const [first, last] = timedSteps(trainer, steps);
    const program = trainer.programs.usual(first - 1, last);
    const timer = owned.use(await LaunchTimer.on(device, program.launches.length));
    const stopwatch = await Stopwatch.on(device);
    const limit = owned.use(new FmaLimit(device, stopwatch, await fastestSums(device, 1)));
    await limit.prepare();
    const limitBefore = await limit.measure();
    const measures = { adapter: device.adapter.name, program, timer, limit, limitBefore };
    return new StepProfiler(trainer, steps, measures, owned.move());
  }

  /** Whether a step, counted from 1, is one to time. */
  includes(step: number): boolean {
    return step >= this.first && step <= this.last && this.#trainer.programs.of(step - 1) === this.#program;
  }

  /** Runs the trainer's next step, and waits for its times. */
  async step(): Promise<void> {
    await this.#trainer.next(this.#timer.encode);
    const { steps } = this.#trainer;
    this.#timed = { first: this.#timed?.first ?? steps, last: steps };
    this.#steps.push(await this.#timer.read());
  }

  /**
   * What the steps so far have shown; nothing, if none was timed. The adapter's limit is measured once more:
   * shares are taken of its mean before and after.
   */
  async finish(): Promise<StepProfile | undefined> {
    if (!this.#timed) return undefined;
    const limit = (this.#limitBefore + await this.#limit.measure()) / 2;
    const launches = this.#program.launches.map(({ launch }) => launch);
    return {
      adapter: this.#adapter,
      firstStep: this.#timed.first,
      lastStep: this.#timed.last,
      ...summarizeProfile(launches, this.#steps, limit),
    };
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
}
