import { assertEquals, assertInstanceOf, assertNotEquals } from "@std/assert";
import { ratesAt } from "../../../src/dcgan/optimizers/learning_rates.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { Adam, AdamW } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, runSteps } from "../tiny.ts";

const scheduled = {
  schedule: "cosine",
  warmup: 3,
  steps: 8,
  learningRate: 1e-3,
  dLearningRate: 3e-3,
} as const satisfies TrainOptions;

async function ratesOf({ optimizers }: Trainer): Promise<number[]> {
  const { generator, discriminator } = optimizers;
  return await Promise.all(
    [generator, discriminator].map((optimizer) => optimizer.state().learning_rate!.item()),
  );
}

gpuTest(
  "Trainer has the learning rates of a schedule in each step, as if they were set by hand",
  async (device) => {
    using trainer = makeTrainer(device, scheduled);
    using byHand = makeTrainer(device, { learningRate: 1e-3 });
    for (let step = 0; step < 8; step++) {
      const rates = ratesAt(step, resolveConfig(scheduled));
      byHand.optimizers.generator.setLearningRate(rates.generator);
      byHand.optimizers.discriminator.setLearningRate(rates.discriminator);
      runSteps(byHand, 1);
      runSteps(trainer, 1);
      assertEquals(await ratesOf(trainer), [rates.generator, rates.discriminator].map(Math.fround));
    }
    assertEquals(await bytesOf(trainer), await bytesOf(byHand));
  },
);

gpuTest("Trainer without a schedule writes no learning rates", async (device) => {
  using trainer = makeTrainer(device, { dLearningRate: 1e-3 });
  const { generator, discriminator } = trainer.optimizers;
  // Whatever a script has set stays
  generator.setLearningRate(0.25);
  discriminator.setLearningRate(0.5);
  runSteps(trainer, 1);
  assertEquals(await ratesOf(trainer), [0.25, 0.5]);
});

gpuTest("Trainer with one learning rate for both is as ever, and with two is another", async (device) => {
  const bytes = async (options: TrainOptions) => {
    using trainer = makeTrainer(device, options);
    runSteps(trainer, 3);
    return await bytesOf(trainer);
  };
  const plain = await bytes({});
  assertEquals(await bytes({ dLearningRate: 2e-4 }), plain);
  assertNotEquals(await bytes({ dLearningRate: 1e-4 }), plain);
});

gpuTest("Optimizers are Adam or AdamW, with the weight decay of the run", async (device) => {
  const decay = { weightDecay: 2, learningRate: 0.01 } as const;
  const values = async (options: TrainOptions) => {
    using trainer = makeTrainer(device, options);
    assertInstanceOf(trainer.optimizers.generator, options.optimizer === "adamw" ? AdamW : Adam);
    runSteps(trainer, 2);
    const { generator, discriminator } = trainer;
    return await device.read([generator.values, discriminator.values]);
  };
  const [none, l2, decoupled] = [
    await values({ learningRate: 0.01 }),
    await values(decay),
    await values({ ...decay, optimizer: "adamw" }),
  ];
  const size = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value * value, 0);
  for (const network of [0, 1]) {
    const [before, withL2, withDecay] = [none, l2, decoupled].map((all) => size(all[network]!));
    assertNotEquals(withL2, before);
    assertNotEquals(withL2, withDecay);
    assertEquals(withDecay! < before!, true);
  }
});

gpuTest("Trainer clips the gradients of both networks, in one program with the rest", async (device) => {
  using plain = makeTrainer(device);
  using trainer = makeTrainer(device, { clip: 1e-3 });
  // For each network: squares of gradients, their norm, and scaling. A plain update adds up the squares that it reads
  assertEquals(trainer.program.stats.launches, plain.program.stats.launches + 6);
  assertEquals(trainer.program.stats.submits, 1);
  runSteps(trainer, 1);
  for (const network of [trainer.generator, trainer.discriminator]) {
    const norm = Math.hypot(...await network.gradients.data());
    assertEquals(Math.abs(norm - 1e-3) < 2e-6, true, `${norm}`);
  }
});
