import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Projector } from "../../../../src/dcgan/explore/projection/projector.ts";
import { type OpenGenerator, openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";
import { heldBytes, trainTiny, withFolder } from "../../tiny.ts";

const LATENT = 8;
const PICTURE = 16 * 16 * 3;

/** The generator of a run that has hardly begun. */
async function withGenerator(
  device: Device,
  options: TrainOptions,
  use: (generator: OpenGenerator) => Promise<void>,
): Promise<void> {
  await withFolder(async (out) => {
    await trainTiny(device, { out, steps: 2, sampleEvery: 0, ...options });
    using generator = await openGenerator(device, out);
    await use(generator);
  });
}

/** Noise to aim at, of which the lower half does not count. */
const target = {
  picture: Uint8Array.from(randomValues(PICTURE, 5, [0, 256])),
  counted: Float32Array.from({ length: 256 }, (_, pixel) => pixel < 128 ? 1 : 0),
};

const SETTINGS = { steps: 1, learningRate: 0, prior: 0.05 };

const WAYS: Readonly<Record<string, TrainOptions>> = {
  "as in PyTorch's example": {},
  "with uniform latents and a projection": { latentDistribution: "uniform", firstLayer: "project" },
  "without norm": { gNorm: "none", upsampling: "nearest" },
};

for (const [way, options] of Object.entries(WAYS)) {
  gpuTest(`Projector follows the slope of its loss, of a generator ${way}`, async (device) => {
    await withGenerator(device, options, async (generator) => {
      const start = generator.latents(3, 2).map((value) => value * 0.5);
      const isUniform = generator.latentDistribution === "uniform";
      // What the optimizer moves: the latents, or of uniform ones what tanh() makes them of
      const free = isUniform ? start.map((value) => Math.atanh(value)) : start;
      const at = async (values: Float32Array) => {
        const latents = isUniform ? values.map((value) => Math.tanh(value) / 0.999) : values;
        using projector = new Projector(generator, target, { latents, labels: undefined }, SETTINGS);
        await projector.run(() => {}, undefined);
        return await projector.lastStep();
      };
      const { gradient, losses } = await at(free);
      assertEquals(losses.length, 2);
      // Small enough for the bends of ReLUs to be rare, large enough for the digits of a loss
      const step = 2 ** -8;
      for (const number of [0, 3, LATENT - 1, LATENT + 2]) {
        const moved = (by: number) => free.map((value, i) => i === number ? value + by : value);
        const [above, below] = [(await at(moved(step))).losses, (await at(moved(-step))).losses];
        const attempt = Math.floor(number / LATENT);
        const slope = (above[attempt]! - below[attempt]!) / (2 * step);
        assertAlmostEquals(gradient[number]!, slope, 0.03 * Math.abs(slope) + 5e-5);
        // Attempts know nothing of each other
        assertEquals(above[1 - attempt], losses[1 - attempt]);
      }
    });
  });
}

gpuTest("Projector looks only at pixels that count", async (device) => {
  await withGenerator(device, {}, async (generator) => {
    const latents = generator.latents(3, 1);
    const other = target.picture.map((level, at) => at < PICTURE / 2 ? level : 255 - level);
    const results = [];
    for (const picture of [target.picture, other]) {
      using projector = new Projector(generator, { ...target, picture }, { latents, labels: undefined }, {
        ...SETTINGS,
        steps: 5,
        learningRate: 0.1,
      });
      await projector.run(() => {}, undefined);
      results.push((await projector.attempts()).latents);
    }
    assertEquals(results[0], results[1]);
    assert(results[0]!.some((value, i) => value !== latents[i]));
  });
});

gpuTest("Projector gives its memory back, and ends once a signal aborts", async (device) => {
  await withGenerator(device, {}, async (generator) => {
    const latents = generator.latents(3, 2);
    const before = heldBytes(device);
    {
      using projector = new Projector(generator, target, { latents, labels: undefined }, SETTINGS);
      const aborted = AbortSignal.abort(new Error("enough"));
      const failure = await projector.run(() => {}, aborted).catch((error: Error) => error.message);
      assertEquals(failure, "enough");
    }
    assertEquals(heldBytes(device), before);
  });
});
