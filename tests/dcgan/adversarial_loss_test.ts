import { assert, assertEquals } from "@std/assert";
import { LOSSES } from "../../src/dcgan/options/losses.ts";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import { STEP_NUMBERS } from "../../src/dcgan/numbers/step_numbers.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { openDataset } from "../../plugins/datasets/mod.ts";
import { assertClose } from "../support/close.ts";
import { gpuTest } from "../support/gpu.ts";
import { makeTrainer, runSteps, tiny } from "./tiny.ts";

const STEPS = 60;

gpuTest("every loss trains on faces and stays finite, with batch norm and without", async (device) => {
  await using faces = await openDataset("faces", { size: tiny.size, channels: 1 });
  const images = new Uint8Array(tiny.batch * tiny.size ** 2);
  for (const loss of LOSSES) {
    for (const dNorm of ["batch", "none"] as const) {
      using trainer = new Trainer(device, resolveConfig({ ...tiny, channels: 1, loss, dNorm }));
      for (let step = 0; step < STEPS; step++) {
        await faces.read(Array.from({ length: tiny.batch }, (_, i) => step * tiny.batch + i), images);
        trainer.step(images);
      }
      // Also throws if a gradient or a weight became NaN or infinite
      const numbers = await trainer.metrics();
      const what = `${loss}, ${dNorm}`;
      assertEquals(numbers.length, STEPS, what);
      for (const one of numbers) for (const name of STEP_NUMBERS) assert(Number.isFinite(one[name]), what);
      for (const name of ["dReal", "dFake", "dFakeAfter"] as const) {
        assert(numbers.every((one) => one[name] >= 0 && one[name] <= 1), `${what}: ${name}`);
      }
      assert(new Set(numbers.map((one) => one.generatorLoss)).size > STEPS / 2, what);
    }
  }
});

gpuTest("a step costs as many launches with every loss, and few more with pairs", (device) => {
  const launches = LOSSES.map((loss) => {
    using trainer = makeTrainer(device, { loss });
    return trainer.program.stats.launches;
  });
  const [usual, ...others] = launches;
  const more = others.map((count) => count - usual!);
  assertEquals(more.slice(0, -1), [0, 0, 0, 0]);
  // The discriminator's layers once more, and logits put together and apart
  assert(more.at(-1)! > 2 && more.at(-1)! < 16, `${more.at(-1)}`);
});

gpuTest("smoothed labels add their share of the mean logit to the loss on real images", async (device) => {
  const first = async (labelSmoothing: number) => {
    using trainer = makeTrainer(device, { labelSmoothing });
    runSteps(trainer, 1);
    const [numbers] = await trainer.metrics();
    return numbers!;
  };
  const [plain, some, more] = [await first(0), await first(0.1), await first(0.4)];
  assertEquals([some.discriminatorLossFake, some.dReal], [plain.discriminatorLossFake, plain.dReal]);
  const by = (one: typeof plain) => one.discriminatorLossReal - plain.discriminatorLossReal;
  assert(Math.abs(by(some)) > 1e-4);
  assertClose([by(more)], [4 * by(some)], { relative: 1e-3, absolute: 1e-6 }, "share");
});
