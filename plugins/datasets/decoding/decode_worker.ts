/**
 * The module of a decoding worker: it is sent jobs, and sends back what they gave, in the order in which they came.
 *
 * @module
 */
import { type EncodedPicture, type LoadedPictures, loadPictures, type PictureFit } from "./load_pictures.ts";

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
  onmessage: (event: MessageEvent<DecodeJob>) => void;
};

let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data: { pictures, fit } }) => {
  last = last.then(async () => {
    const loaded = await loadPictures(pictures, fit);
    scope.postMessage(loaded, [loaded.pixels.buffer]);
  });
};
scope.postMessage("ready");
