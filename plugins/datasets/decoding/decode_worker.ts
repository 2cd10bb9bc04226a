/**
 * The module of a decoding worker: it receives jobs, and sends back their results in the same order.
 *
 * @module
 */
import "../../../src/host/on_native.ts";
import { type EncodedPicture, type LoadedPictures, loadPictures, type PictureFit } from "./load_pictures.ts";
import { SharedBudget } from "./shared_budget.ts";

/** What a worker is sent before its first job. */
export interface WorkerPlace {
  /** The numbers that all threads see. */
  readonly shared: SharedArrayBuffer;
  /** Which of them it is. */
  readonly thread: number;
}

/** What a worker is sent. */
export interface DecodeJob {
  /** Picture files. */
  readonly pictures: readonly EncodedPicture[];
  /** What they are made into. */
  readonly fit: PictureFit;
}

/** What a worker sends: that it is there, once, and then what each job gave. */
export type WorkerReply = "ready" | LoadedPictures;

const scope = globalThis as unknown as {
  postMessage(reply: WorkerReply, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<WorkerPlace | DecodeJob>) => void;
};

let last: Promise<void> = Promise.resolve();
let budget: SharedBudget | undefined;

scope.onmessage = ({ data }) => {
  if ("shared" in data) {
    budget = new SharedBudget(data.shared, data.thread);
    return;
  }
  last = last.then(async () => {
    const loaded = await loadPictures(data.pictures, data.fit, budget);
    scope.postMessage(loaded, [loaded.pixels.buffer]);
  });
};
scope.postMessage("ready");
