/**
 * A worker that breaks down over pictures that start with 66, in their turn as a decoder would, and over jobs with one that
 * starts with 67 as soon as it hears of them, and that never comes back from pictures that start with 68; otherwise it loads
 * them as the real one does.
 */
import "../../../src/host/on_native.ts";
import type { DecodeJob, WorkerPlace } from "../../../plugins/datasets/decoding/decode_worker.ts";
import { loadPictures } from "../../../plugins/datasets/decoding/load_pictures.ts";
import { SharedBudget } from "../../../plugins/datasets/decoding/shared_budget.ts";

const scope = globalThis as unknown as {
  postMessage(reply: unknown): void;
  onmessage: (event: MessageEvent<WorkerPlace | DecodeJob>) => void;
};
let last = Promise.resolve();
let budget: SharedBudget | undefined;

scope.onmessage = ({ data }) => {
  if ("shared" in data) {
    budget = new SharedBudget(data.shared, data.thread);
    return;
  }
  const { pictures, fit } = data;
  const firstByte = (file: DecodeJob["pictures"][number]["file"]) =>
    file instanceof Uint8Array ? file[0] : undefined;
  const starts = (byte: number) => pictures.some(({ file }) => firstByte(file) === byte);
  if (starts(67)) throw new Error("too soon");
  last = last.then(async () => {
    if (starts(66)) throw new Error("too much");
    const hanging = pictures.findIndex(({ file }) => firstByte(file) === 68);
    for (let i = 0; i <= hanging; i++) budget?.begin();
    // It has taken memory by then, and others wait for it
    if (hanging >= 0) budget?.takeAll();
    while (hanging >= 0);
    scope.postMessage(await loadPictures(pictures, fit, budget));
  });
};
scope.postMessage("ready");
