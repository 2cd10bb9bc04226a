/** What each rank of `deno task bench:ranks` runs: some steps. Rank 0 writes what they took as a line of JSON. */
import "../../src/host/on_native.ts";
import process from "node:process";
import type { BatchSource } from "../../src/dcgan/batches/batch_source.ts";
import { UploadedPictures } from "../../src/dcgan/batches/uploaded_pictures.ts";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { openDevice, type Peers } from "../../src/gpu/mod.ts";
import { openRanks } from "../../src/mpi/mod.ts";
import type { RankOrder, RankResult } from "./ranks.ts";

const { options, steps } = JSON.parse(Deno.args[0]!) as RankOrder;
await using ranks = await openRanks();
using device = await openDevice();
const config = resolveConfig(options);
let [waiting, transferring] = [0, 0];

/** Meets first, and then passes the bytes: so one can tell waiting for others from passing. */
async function timed(pass: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await ranks.gather(new Uint8Array(1), new Uint8Array(ranks.size));
  const met = performance.now();
  await pass();
  waiting += met - began;
  transferring += performance.now() - met;
}

const peers: Peers = {
  rank: ranks.rank,
  size: ranks.size,
  gather: (own, into) => timed(() => ranks.gather(own, into)),
  exchange: (parts, into) => timed(() => ranks.exchange(parts, into)),
};
// Pictures of zeros are as good as others here
const source: BatchSource = new UploadedPictures(device, config);
using trainer = new Trainer(device, config, source, { ranks: peers });
const step = async (): Promise<void> => {
  await trainer.next();
  await device.settled();
};
await step();
[waiting, transferring] = [0, 0];
const before = { meetings: 0, bytes: 0, ...trainer.meetings?.times };
const [milliseconds, processor]: [number[], number[]] = [[], []];
for (let i = 0; i < steps; i++) {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await step();
  const { user, system } = process.cpuUsage(used);
  milliseconds.push(performance.now() - began);
  processor.push((user + system) / 1000);
}
const { meetings = 0, bytes = 0 } = trainer.meetings?.times ?? {};
const result: RankResult = {
  ...{ milliseconds, processor, adapter: device.adapter.name, library: ranks.library },
  waiting: waiting / steps,
  transferring: transferring / steps,
  meetings: (meetings - before.meetings) / steps,
  bytes: (bytes - before.bytes) / steps,
};
if (ranks.rank === 0) console.log(JSON.stringify(result));
