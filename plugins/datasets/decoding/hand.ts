import type { DecodeJob, WorkerPlace, WorkerReply } from "./decode_worker.ts";
import type { EncodedPicture, LoadedPictures, PictureFit } from "./load_pictures.ts";
import { SharedBudget } from "./shared_budget.ts";

/** A job that waits for its turn or for its result. */
export interface Job {
  readonly open: () => Promise<readonly EncodedPicture[]>;
  readonly fit: PictureFit;
  readonly result: PromiseWithResolvers<LoadedPictures>;
  /** Whether it is a single picture that a worker gets alone, so that a crash must come from this picture. */
  readonly alone: boolean;
}

/** A job that a worker has, with the number of its pictures. */
export interface Sent {
  readonly job: Job;
  readonly count: number;
}

/** What a worker reports. */
export interface HandEvents {
  /** It has done the oldest of its jobs. */
  done(hand: Hand): void;
  /** It crashed. */
  brokeDown(hand: Hand): void;
}

/** A worker, and what it is doing. */
export class Hand {
  /** Number of its thread, which is free for another once it has ended. */
  readonly thread: number;
  /** Jobs that it was sent, oldest first. */
  readonly sent: Sent[] = [];
  /** Jobs that it was sent or is about to be. */
  taken = 0;
  /** Whether its current job must stay its only one. */
  reserved = false;
  /** Whether its module has run. */
  ready = false;
  readonly #worker: Worker;
  readonly #budget: SharedBudget;
  /** Pictures that were begun before the oldest of its jobs. */
  #before: number;
  /** Pictures that had been started at the last check, and how many checks found the same number. */
  #begun: number;
  #looks = 0;

  /**
   * Starts a worker.
   *
   * @param module What it runs.
   * @param shared What all workers share.
   * @param thread Number of its thread, which no other has.
   */
  constructor(module: URL, shared: SharedArrayBuffer, thread: number, events: HandEvents) {
    this.thread = thread;
    this.#budget = new SharedBudget(shared, thread);
    this.#before = this.#begun = this.#budget.state.begun;
    this.#worker = new Worker(module, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if (data === "ready") {
        this.ready = true;
        return;
      }
      const first = this.sent.shift();
      this.#before += first?.count ?? 0;
      first?.job.result.resolve(data);
      events.done(this);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      events.brokeDown(this);
    };
    this.#worker.postMessage({ shared, thread } satisfies WorkerPlace);
  }

  /** Sends a job; files that have a buffer of their own are given away. */
  send(job: Job, pictures: readonly EncodedPicture[]): void {
    this.#worker.postMessage({ pictures, fit: job.fit } satisfies DecodeJob, buffersOf(pictures));
    this.sent.push({ job, count: pictures.length });
  }

  /**
   * Checks whether it makes progress. Waiting for memory that others hold does not count as hanging.
   *
   * @returns How many checks in a row have found it at the same picture.
   */
  look(): number {
    const { begun, waits } = this.#budget.state;
    const goesOn = begun !== this.#begun || waits || !this.ready || this.sent.length === 0;
    this.#looks = goesOn ? 0 : this.#looks + 1;
    this.#begun = begun;
    return this.#looks;
  }

  /** Place, in the oldest of its jobs, of the picture that it was at in the last check. */
  get position(): number {
    return this.#begun - this.#before - 1;
  }

  /** Ends it; what it had taken of what is shared is free. */
  end(): void {
    this.#worker.terminate();
    this.#budget.end();
  }
}

/** The buffers that hold one file and nothing else: they need not be copied on their way to a worker. */
function buffersOf(pictures: readonly EncodedPicture[]): ArrayBuffer[] {
  return pictures.flatMap(({ file }) => {
    if (!(file instanceof Uint8Array) || !(file.buffer instanceof ArrayBuffer)) return [];
    return file.byteLength === file.buffer.byteLength ? [file.buffer] : [];
  });
}
