/** Trains a tiny run, in a process that may export telemetry. */
import "../../../src/host/on_native.ts";
import { train } from "../../../src/dcgan/train.ts";
import { openDevice } from "../../../src/gpu/mod.ts";

const [out, steps] = Deno.args as [string, string];
using device = await openDevice();
const options = {
  data: "faces",
  dataOptions: { length: 200 },
  size: 16,
  ngf: 4,
  ndf: 4,
  latent: 8,
  batch: 4,
} as const;
for await (const _ of train(device, { ...options, samples: 4, steps: Number(steps), scoreEvery: 4, out }));
