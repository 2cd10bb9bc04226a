import { host } from "../../../src/host/host.ts";
import { lengthOf } from "../../../src/pictures/mod.ts";
import { Hand, type Job, type Sent } from "./hand.ts";
import {
  type EncodedPicture,
  type LoadedPictures,
  loadPictures,
  type PictureFit,
  type PictureLoader,
} from "./load_pictures.ts";
import { SharedBudget } from "./shared_budget.ts";

/**
 * Jobs that a worker has at once: one that it works on, and the next, so that it never waits for a message.
 */
const JOBS_A_WORKER = 2;

/** Milliseconds without a job after which the workers end. */
const IDLE = 10_000;

/** Milliseconds between two checks of the workers. */
const LOOK = 250;

/** Default seconds that a picture may take: ten times what the largest take, on a busy machine. */
export const MOST_SECONDS = 60;

/**
 * Loads pictures in workers. They start with the first job, have the permissions of the program and no
 * others, and end with the pool, or when there was nothing to do for a while. A worker that crashes is
 * replaced, and its job is tried again, picture by picture, each alone in its worker: a picture that crashes
 * another worker fails. A worker that is at one picture for too long is replaced as well, and that picture
 * fails. If workers cannot be started at all, the thread that calls does the work, one job after the other,
 * and nothing can interrupt it.
 */
export class WorkerPool implements PictureLoader {
  #count: number;
  #module: URL;
  #hands: Hand[] = [];
  #waiting: Job[] = [];
  #closed = false;
  #withoutWorkers: boolean;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #seconds: number;
  /** Made with the first worker: a page may have none. */
  #shared: SharedArrayBuffer | undefined;
  #worksHere = false;

  /**
   * @param count Workers to start; with 0 the thread that calls does the work.
   * @param module What they run.
   * @param seconds Seconds that one picture may take.
   */
  constructor(
    count: number,
    module: URL = new URL("./decode_worker.ts", import.meta.url),
    seconds: number = MOST_SECONDS,
  ) {
    this.#count = count;
    this.#seconds = seconds;
    this.#module = module;
    this.#withoutWorkers = count === 0 || !host().canStartWorker(module);
  }

  load(
    open: () => Promise<readonly EncodedPicture[]>,
    fit: PictureFit,
    signal?: AbortSignal,
  ): Promise<LoadedPictures> {
    return this.#load({ open, fit, result: Promise.withResolvers(), alone: false }, signal);
  }

  #load(job: Job, signal?: AbortSignal): Promise<LoadedPictures> {
    if (signal) {
      const abort = (): void => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
        job.result.reject(signal.reason);
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
      job.result.promise.catch(() => {}).finally(() => signal.removeEventListener("abort", abort));
      if (signal.aborted) return job.result.promise;
    }
    this.#waiting.push(job);
    this.#dispatch();
    return job.result.promise;
  }

  /** Ends the workers; jobs that are not done fail. */
  [Symbol.dispose](): void {
    this.#closed = true;
    const left = [...this.#waiting, ...this.#hands.flatMap(({ sent }) => sent.map(({ job }) => job))];
    this.#waiting = [];
    this.#end();
    for (const { result } of left) {
      result.promise.catch(() => {});
      result.reject(closed());
    }
  }

  #end(): void {
    clearTimeout(this.#idle);
    clearInterval(this.#looking);
    this.#looking = undefined;
    for (const hand of this.#hands) hand.end();
    this.#hands = [];
  }

  /** Gives jobs to the workers with the least to do. */
  #dispatch(): void {
    clearTimeout(this.#idle);
    if (this.#withoutWorkers) {
      void this.#workHere();
      return;
    }
    while (this.#hands.length < this.#count && this.#waiting.length > 0) this.#hands.push(this.#start());
    for (let load = 0; load < JOBS_A_WORKER; load++) {
      for (const hand of this.#hands.filter(({ taken, reserved }) => taken === load && !reserved)) {
        const next = this.#waiting.findIndex(({ alone }) => load === 0 || !alone);
        if (next >= 0) void this.#give(hand, this.#waiting.splice(next, 1)[0]!);
      }
    }
    if (this.#hands.length > 0 && this.#hands.every(({ taken }) => taken === 0)) {
      this.#idle = setTimeout(() => this.#end(), IDLE);
      host().unrefTimer(this.#idle);
    }
  }

  async #give(hand: Hand, job: Job): Promise<void> {
    hand.taken++;
    hand.reserved = job.alone;
    try {
      const pictures = await job.open();
      if (this.#closed) throw closed();
      if (!this.#hands.includes(hand)) {
        this.#waiting.unshift(job);
        return this.#dispatch();
      }
      hand.send(job, pictures);
      this.#look();
    } catch (error) {
      job.result.reject(error);
      this.#isDone(hand);
    }
  }

  /**
   * Does the jobs in this thread, one after the other, as several large pictures at once may not fit memory.
   */
  async #workHere(): Promise<void> {
    if (this.#worksHere) return;
    this.#worksHere = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      try {
        job.result.resolve(await loadPictures(await job.open(), job.fit));
      } catch (error) {
        job.result.reject(error);
      }
    }
    this.#worksHere = false;
  }

  #start(): Hand {
    let thread = 0;
    while (this.#hands.some((hand) => hand.thread === thread)) thread++;
    this.#shared ??= SharedBudget.share(this.#count);
    return new Hand(this.#module, this.#shared, thread, {
      done: (hand) => this.#isDone(hand),
      brokeDown: (hand) => this.#replace(hand),
    });
  }

  #isDone(hand: Hand): void {
    hand.taken--;
    hand.reserved = false;
    this.#dispatch();
  }

  /**
   * Checks at intervals whether a worker is at one picture for too long. Checks are counted: a computer may
   * sleep.
   */
  #look(): void {
    if (this.#looking !== undefined) return;
    this.#looking = setInterval(() => {
      for (const hand of this.#hands) {
        if (hand.look() * LOOK >= this.#seconds * 1000) this.#giveUp(hand);
      }
      if (this.#hands.some(({ sent }) => sent.length > 0)) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
    }, LOOK);
    host().unrefTimer(this.#looking);
  }

  /** Ends a worker that does not end on its own. Its current picture fails; another worker does the rest. */
  #giveUp(hand: Hand): void {
    const { position } = hand;
    const first = hand.sent[0];
    if (!first || position < 0 || position >= first.count) return this.#replace(hand);
    this.#remove(hand);
    const failure =
      `It takes more than the ${this.#seconds} s allowed to decode; make it smaller or save it again`;
    const open = async () =>
      (await first.job.open()).map((one, i) => i === position ? { ...one, file: { failure } } : one);
    this.#waiting.unshift({ ...first.job, open }, ...hand.sent.slice(1).map(({ job }) => job));
    this.#dispatch();
  }

  #remove(hand: Hand): void {
    hand.end();
    this.#hands = this.#hands.filter((other) => other !== hand);
  }

  /** Takes the jobs back from a worker that crashed, most likely in the oldest. */
  #replace(hand: Hand): void {
    this.#remove(hand);
    // If one cannot start, none can
    if (!hand.ready) this.#withoutWorkers = true;
    const first = hand.ready ? hand.sent.shift() : undefined;
    this.#waiting.unshift(...hand.sent.map(({ job }) => job));
    if (first?.job.alone) first.job.result.resolve(brokenDown(first.job.fit));
    else if (first) void this.#onceMore(first);
    this.#dispatch();
  }

  /** Does a job picture by picture. */
  async #onceMore({ job: { open, fit, result }, count }: Sent): Promise<void> {
    const each = lengthOf(fit);
    const pixels = new Uint8Array(count * each);
    const failures = new Map<number, string>();
    try {
      for (let position = 0; position < count; position++) {
        const one = await this.#load({
          open: async () => [(await open())[position]!],
          fit,
          result: Promise.withResolvers(),
          alone: true,
        });
        pixels.set(one.pixels, position * each);
        const failure = one.failures.get(0);
        if (failure !== undefined) failures.set(position, failure);
      }
      result.resolve({ pixels, failures });
    } catch (error) {
      result.reject(error);
    }
  }
}

/** The result of a picture that crashed a worker. */
function brokenDown(fit: PictureFit): LoadedPictures {
  const failure = "Its decoder broke down over it; save it again or leave it out";
  return { pixels: new Uint8Array(lengthOf(fit)), failures: new Map([[0, failure]]) };
}

function closed(): DOMException {
  return new DOMException("The pictures were closed while they were loaded", "AbortError");
}
