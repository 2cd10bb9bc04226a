import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { CARDS, recordingDevice } from "../../../scripts/gpus/record/cards.ts";

const M = { size: 64, channels: 3, ngf: 64, ndf: 64 } as const;

/** Launches of a step on a graphics card: those of batch norms, and all. */
const STEPS: Readonly<Record<string, [TrainOptions, batchNorm: number, all: number]>> = {
  "32x32x1, 32 maps, batches of 32": [{ size: 32, channels: 1, ngf: 32, ndf: 32, batch: 32 }, 15, 59],
  "64x64x3, 64 maps, batches of 8": [{ ...M, batch: 8 }, 21, 73],
  "64x64x3, 64 maps, batches of 64": [{ ...M, batch: 64 }, 29, 81],
  "64x64x3, 64 maps, batches of 128": [{ ...M, batch: 128 }, 32, 84],
};

for (const [name, [options, batchNorm, all]] of Object.entries(STEPS)) {
  Deno.test(`a step takes ${all} launches on a graphics card: ${name}`, () => {
    for (const card of CARDS) {
      using device = recordingDevice(card);
      using trainer = new Trainer(device, resolveConfig(options));
      const labels = trainer.program.launches.map(({ launch }) => launch.kernel.label);
      assertEquals(labels.filter((label) => label.startsWith("batch norm")).length, batchNorm, card.name);
      assertEquals(labels.length, all, card.name);
      const spared = labels.filter((label) => label === "concat" || label.endsWith("_relu gradient"));
      assertEquals(spared, [], card.name);
    }
  });
}
