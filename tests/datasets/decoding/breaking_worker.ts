/** A worker that breaks down over pictures that start with 66, and otherwise loads them as the real one does. */
import "../../../plugins/datasets/decoding/decode_worker.ts";
import type { DecodeJob } from "../../../plugins/datasets/decoding/decode_worker.ts";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<DecodeJob>) => void };
const load = scope.onmessage;
scope.onmessage = (event) => {
  for (const { file } of event.data.pictures) {
    if (file instanceof Uint8Array && file[0] === 66) throw new Error("too much");
  }
  load(event);
};
