/**
 * Trains on the driver that the test chose: a whole run of six steps, and three more steps of a run that a tab
 * saved. `deno run -A resumed_child.ts WHOLE FROM_TAB`
 */
import "../../../src/host/on_native.ts";
import { train } from "../../../src/dcgan/train.ts";
import { openDevice } from "../../../src/gpu/mod.ts";

const [whole, fromTab] = Deno.args as [string, string];
using device = await openDevice();
// As startTiny() has the tab train
const tiny = { preset: "pytorch", size: 16, batch: 4, ngf: 4, ndf: 4, seed: 1, onNan: "rollback" } as const;
await Array.fromAsync(
  train(device, { ...tiny, data: "faces", out: whole, steps: 6, checkpointEvery: 3, keep: 9, report: false }),
);
await Array.fromAsync(train(device, { resume: fromTab, more: 3 }));
