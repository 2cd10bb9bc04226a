import { mayRun } from "../may_run.ts";
import type { DecodeJob, WorkerReply } from "./decode_worker.ts";
import {
  type EncodedPicture,
  type LoadedPictures,
  loadPictures,
  type PictureFit,
  type PictureLoader,
} from "./load_pictures.ts";

/** Jobs that a worker has at once: one that it works on, and the next, so that it never waits for a message. */
const JOBS_A_WORKER = 2;

/** Milliseconds without a job after which the workers end. */
const IDLE = 10_000;

/** A job that waits for its turn or for its result. */
interface Job {
  readonly open: () => Promise<readonly EncodedPicture[]>;
  readonly fit: PictureFit;
  readonly result: PromiseWithResolvers<LoadedPictures>;
  /** Whether it is one picture that a worker gets nothing else beside, so that a breakdown is this one's doing. */
  readonly alone: boolean;
}

/** A job that a worker has, with the number of its pictures. */
interface Sent {
  readonly job: Job;
  readonly count: number;
}

/** A worker, and what it is doing. */
interface Hand {
  readonly worker: Worker;
  /** Jobs that it was sent, oldest first. */
  readonly sent: Sent[];
  /** Jobs that it was sent or is about to be. */
  taken: number;
  /** Whether what it has is to stay the only one. */
  reserved: boolean;
  /** Whether its module has run. */
  ready: boolean;
}

/**
 * Loads pictures in workers. They start with the first job, have the permissions of the program and no others, and end
 * with the pool, or when there was nothing to do for a while. A worker that breaks down is replaced, and what it was at is
 * tried once more, picture by picture, each alone with its worker: those that break down another one fail. Where workers
 * cannot be started at all, the thread that calls does the work.
 */
export class WorkerPool implements PictureLoader {
  #count: number;
  #module: URL;
  #hands: Hand[] = [];
  #waiting: Job[] = [];
  #closed = false;
  #withoutWorkers: boolean;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param count Workers to start; with 0 the thread that calls does the work.
   * @param module What they run.
   */
  constructor(count: number, module: URL = new URL("./decode_worker.ts", import.meta.url)) {
    this.#count = count;
    this.#module = module;
    this.#withoutWorkers = count === 0 || !mayRun(module);
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
    for (const { worker } of this.#hands) worker.terminate();
    this.#hands = [];
  }

  /** Gives jobs to whoever has least to do. */
  #dispatch(): void {
    clearTimeout(this.#idle);
    if (this.#withoutWorkers) {
      for (const job of this.#waiting.splice(0)) void this.#doHere(job);
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
      Deno.unrefTimer(this.#idle);
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
      hand.worker.postMessage({ pictures, fit: job.fit } satisfies DecodeJob, buffersOf(pictures));
      hand.sent.push({ job, count: pictures.length });
    } catch (error) {
      job.result.reject(error);
      this.#isDone(hand);
    }
  }

  async #doHere({ open, fit, result }: Job): Promise<void> {
    try {
      result.resolve(await loadPictures(await open(), fit));
    } catch (error) {
      result.reject(error);
    }
  }

  #start(): Hand {
    const worker = new Worker(this.#module, { type: "module" });
    const hand: Hand = { worker, sent: [], taken: 0, reserved: false, ready: false };
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if (data === "ready") {
        hand.ready = true;
        return;
      }
      hand.sent.shift()?.job.result.resolve(data);
      this.#isDone(hand);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(hand, event.message);
    };
    return hand;
  }

  #isDone(hand: Hand): void {
    hand.taken--;
    hand.reserved = false;
    this.#dispatch();
  }

  /** Takes the jobs back from a worker that broke down; the oldest is most likely what it was at. */
  #replace(hand: Hand, message: string): void {
    hand.worker.terminate();
    this.#hands = this.#hands.filter((other) => other !== hand);
    // One that never ran says that none will
    if (!hand.ready) this.#withoutWorkers = true;
    const first = hand.ready ? hand.sent.shift() : undefined;
    this.#waiting.unshift(...hand.sent.map(({ job }) => job));
    if (first?.job.alone) first.job.result.resolve(brokenDown(first.job.fit, message));
    else if (first) void this.#onceMore(first);
    this.#dispatch();
  }

  /** Does a job picture by picture. */
  async #onceMore({ job: { open, fit, result }, count }: Sent): Promise<void> {
    const each = fit.size * fit.size * fit.channels;
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

/** The buffers that hold one file and nothing else: they need not be copied on their way to a worker. */
function buffersOf(pictures: readonly EncodedPicture[]): ArrayBuffer[] {
  return pictures.flatMap(({ file }) => {
    if (!(file instanceof Uint8Array) || !(file.buffer instanceof ArrayBuffer)) return [];
    return file.byteLength === file.buffer.byteLength ? [file.buffer] : [];
  });
}

/** What a picture gives that a worker broke down over. */
function brokenDown({ size, channels }: PictureFit, message: string): LoadedPictures {
  const failure = `the decoder broke down over it: ${
    message.split("\n")[0]!.replace(/^Uncaught (\(in promise\) )?/, "")
  }`;
  return { pixels: new Uint8Array(size * size * channels), failures: new Map([[0, failure]]) };
}

function closed(): DOMException {
  return new DOMException("The pictures were closed while they were loaded", "AbortError");
}
