import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { add, mean, neg, softplus, sub, type Tensor } from "../../../src/gpu/mod.ts";
import { BatchNorm2d, Conv2d, LeakyRelu, Linear, Reshape, stateDict, Tanh } from "../../../src/nn/mod.ts";
import type { CustomLoss } from "../../../src/dcgan/parts/custom_loss.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { train } from "../../../src/dcgan/train.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import type { TrainerParts } from "../../../src/dcgan/parts/trainer_parts.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";

const TINY = { size: 16, channels: 1, ngf: 4, ndf: 4, latent: 6, batch: 4 } as const;
const IMAGES = Uint8Array.from({ length: 4 * 16 * 16 }, (_, i) => i * 37 % 256);

/** The losses of the library, said by operations. */
const NON_SATURATING: CustomLoss = {
  discriminator: (real, fake) => add(mean(softplus(neg(real))), mean(softplus(fake))),
  generator: (fake) => mean(softplus(neg(fake))),
};
const RPGAN: CustomLoss = {
  discriminator: (real, fake) => mean(softplus(sub(fake, real))),
  generator: (fake, real) => mean(softplus(sub(real!, fake))),
  paired: true,
};

gpuTest(
  "Trainer with a custom loss takes the step of the loss that it says, with penalties and parts",
  async (device) => {
    const cases = [["non-saturating", NON_SATURATING, {}], ["rpgan", RPGAN, {
      ...{ dNorm: "none", r1: 1, r2: 1, accumulate: 2, pack: 2, augment: ["flip"] } as const,
    }]] as const;
    for (const [loss, custom, options] of cases) {
      const config = resolveConfig({ ...TINY, ...options, loss });
      const found = [];
      for (const parts of [{}, { loss: custom }]) {
        using trainer = new Trainer(device, config, undefined, parts);
        for (let step = 0; step < 3; step++) trainer.step(IMAGES);
        const numbers = (await trainer.metrics()).at(-1)!;
        const { discriminatorLossReal, discriminatorLossFake, generatorLoss, dReal, penalties = 0 } = numbers;
        found.push([discriminatorLossReal + discriminatorLossFake, generatorLoss, dReal, penalties]);
      }
      assertClose(found[1]!, found[0]!, { relative: 1e-3, absolute: 1e-4 }, loss);
    }
  },
);

gpuTest("Trainer takes networks of a script's own, also for the average", async (device) => {
  const parts: TrainerParts = {
    generator: () => [new Linear(6, 256), new Reshape([16, 16, 1]), new BatchNorm2d(1), new Tanh()],
    discriminator: () => new Conv2d(1, 1, { kernel: 16 }),
  };
  using trainer = new Trainer(device, resolveConfig({ ...TINY, ema: 0.9 }), undefined, parts);
  const before = await stateDict(trainer.sampled);
  trainer.step(IMAGES);
  assertEquals((await trainer.metrics()).length, 1);
  const after = await stateDict(trainer.sampled);
  assertEquals([...after.keys()].slice(0, 2), ["0.weight", "0.bias"]);
  assert(`${after.get("0.weight")!.data}` !== `${before.get("0.weight")!.data}`);
  const wrong = { ...parts, generator: () => [new Linear(6, 64), new Reshape([8, 8, 1])] };
  assertThrows(
    () => new Trainer(device, resolveConfig(TINY), undefined, wrong),
    RangeError,
    "must make images of the shape of the real ones, [4, 16, 16, 1], found [4, 8, 8, 1]",
  );
});

gpuTest("Trainer calls beforeStep before each step, which sees the rate that it sets", async (device) => {
  const steps: number[] = [];
  const frozen = (step: number, trainer: Trainer) => {
    steps.push(step);
    trainer.optimizers.generator.setLearningRate(step < 2 ? 0 : 1e-3);
  };
  using trainer = new Trainer(device, resolveConfig(TINY), undefined, { beforeStep: frozen });
  const weights = async () => `${(await stateDict(trainer.generator)).values().next().value!.data}`;
  const states = [await weights()];
  for (let step = 0; step < 3; step++) {
    trainer.step(IMAGES);
    states.push(await weights());
  }
  assertEquals(steps, [0, 1, 2]);
  assertEquals([states[1] === states[0], states[2] === states[0], states[3] === states[0]], [
    true,
    true,
    false,
  ]);
});

gpuTest("Trainer names parts and losses that are none, and train() takes no networks", async (device) => {
  const config = resolveConfig(TINY);
  const make = (parts: object, options = {}) => () =>
    new Trainer(device, { ...config, ...options }, undefined, parts);
  const many: CustomLoss = { ...NON_SATURATING, generator: (fake: Tensor) => fake };
  assertThrows(
    make({ loss: many }),
    RangeError,
    "loss of the generator must be a single number, found shape [4",
  );
  assertThrows(
    make({ loss: NON_SATURATING }, {
      labelSmoothing: 0.1,
      labelFlip: 0.2,
      augment: ["flip"],
      augmentTarget: 0.6,
    }),
    ConfigError,
    '"labelSmoothing" must be 0 with a custom loss, found 0.1: it has no labels to smooth; ' +
      '"labelFlip" must be 0 with a custom loss, found 0.2: it has no labels to flip; ' +
      '"augmentTarget" must be 0 with a custom loss, found 0.6: what its logits mean is not known',
  );
  assertThrows(make({ beforeSteps: () => {} }), TypeError, "beforeSteps");
  const run = train(device, TINY, { loss: NON_SATURATING } as never);
  await assertRejects(
    () => run.next(),
    TypeError,
    "train() has no option 'loss'. Its options are begin, stepsAhead, checkpointDue, beforeStep, ranks",
  );
});

gpuTest("Trainer penalizes a script's discriminator by its layers, whatever dNorm says", async (device) => {
  const head = () => new Conv2d(2, 1, { kernel: 16 });
  const discriminator = () => [new Conv2d(1, 2, { kernel: 1 }), new LeakyRelu(0.2), head()];
  const normed = () => [new Conv2d(1, 2, { kernel: 1 }), new BatchNorm2d(2), new LeakyRelu(0.2), head()];
  for (const penalty of [{ r1: 1 }, { r2: 1 }, { gradientPenalty: 10 }]) {
    const config = resolveConfig({ ...TINY, ...penalty });
    assertEquals(config.dNorm, "batch");
    using trainer = new Trainer(device, config, undefined, { discriminator });
    trainer.step(IMAGES);
    assert((await trainer.metrics())[0]!.penalties! > 0);
    assertThrows(
      () => new Trainer(device, config, undefined, { discriminator: normed }),
      TypeError,
      "take each image by itself and give its pieces(), found BatchNorm2d '1'. Leave it out",
    );
    assertThrows(
      () => new Trainer(device, config),
      ConfigError,
      `"${Object.keys(penalty)[0]}" must be 0 with batch norm in the discriminator`,
    );
  }
});

gpuTest("Trainer says in one sentence that a network has nothing to train, before a step", (device) => {
  const discriminator = () => new Conv2d(1, 1, { kernel: 16 }).freeze();
  const generator = () => [new Linear(6, 256).freeze(), new Reshape([16, 16, 1]), new Tanh()];
  for (const options of [{}, { r1: 1 }, { gradientPenalty: 10 }]) {
    for (
      const [name, parts] of Object.entries({ discriminator: { discriminator }, generator: { generator } })
    ) {
      assertThrows(
        () => new Trainer(device, resolveConfig({ ...TINY, ...options, dNorm: "none" }), undefined, parts),
        RangeError,
        `Cannot take a training step: the ${name} must have a parameter to train, found all 2 frozen. ` +
          "Freeze fewer of its layers",
      );
    }
  }
});
