/** Steps whose discriminator takes several images at once. */
import { assertEquals, assertThrows } from "@std/assert";
import { LOSSES } from "../../../src/dcgan/options/losses.ts";
import { trainingStep } from "../../../src/dcgan/training_step.ts";
import { concat, gradients, packImages, sum } from "../../../src/gpu/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { makeTrainer, runSteps } from "../tiny.ts";
import { makeAdversaries, noise } from "./adversaries.ts";

gpuTest("trainingStep() penalizes gradients at packs", async (device) => {
  const { networks, optimizers } = makeAdversaries(device, { pack: 3 }, { discriminator: 0 });
  const batch = noise(device, 6, 6);
  const gammas = [2, 3] as const;
  const { fake, logits, penalties } = trainingStep(networks, optimizers, batch, {
    loss: "hinge",
    pack: 3,
    r1: gammas[0],
    r2: gammas[1],
  });
  const images = packImages(concat(batch.real, fake.detach()), 3);
  assertEquals([images.shape, logits.size], [[4, 16, 16, 9], 4]);
  const [slopes] = gradients([sum(networks.discriminator.forward(images))], [images]);
  const values = await slopes!.data();
  const half = values.length / 2;
  const expected = gammas.map((gamma, k) => {
    const squares = values.slice(k * half, (k + 1) * half).reduce((sum, value) => sum + value ** 2, 0);
    return gamma / 2 * squares / 2;
  });
  assertClose(await penalties!.data(), expected, { relative: 1e-4, absolute: 1e-6 }, "penalties");
});

gpuTest("trainingStep() refuses packs that do not divide the batch", (device) => {
  const { networks, optimizers } = makeAdversaries(device, { pack: 3 });
  assertThrows(
    () => trainingStep(networks, optimizers, noise(device, 4, 4), { pack: 3 }),
    RangeError,
    "must be a whole number that divides the batch, 4, found 3",
  );
});

gpuTest("every loss trains with packs, in every precision, with norms and with penalties", async (device) => {
  const precisions = device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const;
  for (const loss of LOSSES) {
    for (
      const options of [
        ...precisions.map((precision) => ({ precision })),
        { dNorm: "spectral" as const, firstLayer: "project" as const, r1: 1, r2: 0.5 },
      ]
    ) {
      using trainer = makeTrainer(device, { loss, pack: 2, ...options });
      runSteps(trainer, 2);
      // Throws if a number, gradient or weight became NaN or infinite
      assertEquals((await trainer.metrics()).length, 2, loss);
      const [[, first]] = trainer.discriminator.parameters as unknown as [[string, { shape: number[] }]];
      assertEquals(first.shape, [4, 4, 6, 4]);
    }
  }
});
