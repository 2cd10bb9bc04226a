/**
 * A worker that breaks down over pictures that start with 66, in their turn as a decoder would, and over jobs with one that
 * starts with 67 as soon as it hears of them; otherwise it loads them as the real one does.
 */
import type { DecodeJob } from "../../../plugins/datasets/decoding/decode_worker.ts";
import { loadPictures } from "../../../plugins/datasets/decoding/load_pictures.ts";

const scope = globalThis as unknown as {
  postMessage(reply: unknown): void;
  onmessage: (event: MessageEvent<DecodeJob>) => void;
};
let last = Promise.resolve();

scope.onmessage = ({ data: { pictures, fit } }) => {
  const starts = (byte: number) =>
    pictures.some(({ file }) => file instanceof Uint8Array && file[0] === byte);
  if (starts(67)) throw new Error("too soon");
  last = last.then(async () => {
    if (starts(66)) throw new Error("too much");
    scope.postMessage(await loadPictures(pictures, fit));
  });
};
scope.postMessage("ready");
