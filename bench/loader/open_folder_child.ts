/**
 * One process of the measurement of large folders: opens the folder that its first argument names, reads a batch of as many
 * pictures as the second says, if any, and tells what that took.
 */
import "../../src/host/on_native.ts";
import { openDataset } from "../../plugins/datasets/mod.ts";
import type { OpenedFolder } from "./large_folders.ts";

const [folder = "", count = "0"] = Deno.args;
const start = performance.now();
const dataset = await openDataset(folder, { size: 32, options: { cache: "never" } });
const openSeconds = (performance.now() - start) / 1000;
const batch = Number(count);
const apart = Math.floor(dataset.length / Math.max(1, batch));
await dataset.read(
  Array.from({ length: batch }, (_, i) => i * apart),
  new Uint8Array(batch * dataset.shape.reduce((a, b) => a * b)),
);
const opened: OpenedFolder = {
  files: dataset.length,
  openSeconds,
  // The clock of performance begins with the process
  ...(batch > 0 ? { firstBatchSeconds: performance.now() / 1000 } : {}),
  peakBytes: peak(),
};
await dataset.close();
console.log(JSON.stringify(opened));

/** The most memory so far, where the system tells; else what it is now. */
function peak(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))!;
    return Number(kilobytes) * 1024;
  } catch {
    return Deno.memoryUsage().rss;
  }
}
