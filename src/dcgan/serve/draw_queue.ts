import { type DrawingJob, dtypeOf, type JobResult } from "./drawing/drawing_job.ts";

/** How a {@linkcode DrawQueue} holds its jobs. */
export interface DrawQueueOptions {
  /** Pictures of several jobs that are drawn together at most. */
  readonly batch: number;
  /** Pictures that wait at most. */
  readonly most: number;
  /** Milliseconds that a job waits at most until it has been drawn. */
  readonly patience: number;
}

/** Why a job was not drawn. */
export class NotDrawnError extends Error {
  override readonly name = "NotDrawnError";
  /** Too many wait, it waited too long, or the server ends. */
  readonly kind: "full" | "late" | "ending";

  /** Says why, in a sentence. */
  constructor(kind: "full" | "late" | "ending", message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A job that waits. */
interface Waiting {
  readonly job: DrawingJob;
  readonly result: PromiseWithResolvers<JobResult>;
}

/** Jobs that wait for the GPU. Those that wait together are drawn together. */
export class DrawQueue {
  readonly #draw: (jobs: readonly DrawingJob[]) => Promise<readonly JobResult[]>;
  readonly #options: DrawQueueOptions;
  #waiting: Waiting[] = [];
  #drawing: Promise<void> | undefined;
  #began = 0;
  #isEnding = false;

  /** @param draw Draws some together, and gives the result of each. */
  constructor(
    draw: (jobs: readonly DrawingJob[]) => Promise<readonly JobResult[]>,
    options: DrawQueueOptions,
  ) {
    this.#draw = draw;
    this.#options = options;
  }

  /** Pictures that wait. */
  get waiting(): number {
    return this.#waiting.reduce((sum, { job }) => sum + job.count, 0);
  }

  /** Milliseconds that what is drawn now has taken so far; 0 if nothing is. */
  get drawingFor(): number {
    return this.#drawing ? performance.now() - this.#began : 0;
  }

  /**
   * Draws a job once it is its turn.
   *
   * @param signal Takes it out of the queue once it aborts, if it is not being drawn yet.
   * @throws {NotDrawnError} if it is not drawn.
   */
  async add(job: DrawingJob, signal: AbortSignal): Promise<JobResult> {
    const { most, patience } = this.#options;
    if (this.#isEnding) throw new NotDrawnError("ending", "Cannot draw this: the server is ending");
    const { waiting } = this;
    // A job on its own may be larger than what may wait
    if (waiting > 0 && waiting + job.count > most) {
      throw new NotDrawnError("full", `Cannot draw this now: ${waiting} pictures wait already. Try again`);
    }
    const result = Promise.withResolvers<JobResult>();
    const one = { job, result };
    this.#waiting.push(one);
    const leave = (error: NotDrawnError): void => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
      result.reject(error);
    };
    const late = `Cannot draw this now: it was not drawn in ${patience / 1000} seconds. Try again`;
    const timer = setTimeout(() => leave(new NotDrawnError("late", late)), patience);
    const onAbort = () => leave(new NotDrawnError("late", "Nobody waits for this"));
    signal.addEventListener("abort", onAbort);
    // Requests that have arrived together are drawn together
    setTimeout(() => this.#next());
    try {
      return await result.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Refuses what waits, and waits for what is being drawn. */
  async end(): Promise<void> {
    this.#isEnding = true;
    for (const { result } of this.#waiting) {
      result.reject(new NotDrawnError("ending", "Cannot draw this: the server is ending"));
    }
    this.#waiting = [];
    await this.#drawing;
  }

  #next(): void {
    if (this.#drawing || this.#waiting.length === 0) return;
    const chosen = this.#choose();
    this.#waiting = this.#waiting.filter((one) => !chosen.includes(one));
    this.#began = performance.now();
    this.#drawing = this.#drawAll(chosen).finally(() => {
      this.#drawing = undefined;
      this.#next();
    });
  }

  /** The first job, and others of its kind as long as they fit beside it. */
  #choose(): Waiting[] {
    const [first, ...others] = this.#waiting as [Waiting, ...Waiting[]];
    const chosen = [first];
    let pictures = first.job.count;
    for (const one of others) {
      if (dtypeOf(one.job) !== dtypeOf(first.job)) continue;
      if (pictures + one.job.count > this.#options.batch) continue;
      chosen.push(one);
      pictures += one.job.count;
    }
    return chosen;
  }

  async #drawAll(chosen: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#draw(chosen.map(({ job }) => job));
      for (const [at, { result }] of chosen.entries()) result.resolve(results[at]!);
    } catch (error) {
      for (const { result } of chosen) result.reject(error);
    }
  }
}
