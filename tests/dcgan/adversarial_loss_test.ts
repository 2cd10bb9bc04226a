import { assert, assertEquals, assertFalse } from "@std/assert";
import { LOSSES } from "../../src/dcgan/options/losses.ts";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { STEP_NUMBERS, type StepNumbers } from "../../src/dcgan/numbers/step_numbers.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { openDataset } from "../../plugins/datasets/mod.ts";
import { assertClose } from "../support/close.ts";
import { gpuTest } from "../support/gpu.ts";
import { makeTrainer, runSteps, tiny } from "./tiny.ts";

const STEPS = 60;

/** The numbers of steps on faces, all of them finite. */
async function trainOnFaces(
  device: Device,
  options: TrainOptions,
  steps = STEPS,
): Promise<readonly StepNumbers[]> {
  await using faces = await openDataset("faces", { size: tiny.size, channels: 1 });
  const images = new Uint8Array(tiny.batch * tiny.size ** 2);
  using trainer = new Trainer(device, resolveConfig({ ...tiny, channels: 1, ...options }));
  for (let step = 0; step < steps; step++) {
    await faces.read(Array.from({ length: tiny.batch }, (_, i) => step * tiny.batch + i), images);
    trainer.step(images);
  }
  // Also throws if a gradient or a weight became NaN or infinite
  const numbers = await trainer.metrics();
  const what = JSON.stringify(options);
  assertEquals(numbers.length, steps, what);
  for (const one of numbers) for (const name of STEP_NUMBERS) assert(Number.isFinite(one[name]), what);
  for (const name of ["dReal", "dFake", "dFakeAfter"] as const) {
    assert(numbers.every((one) => one[name] >= 0 && one[name] <= 1), `${what}: ${name}`);
  }
  assert(new Set(numbers.map((one) => one.generatorLoss)).size > steps / 2, what);
  return numbers;
}

gpuTest("every loss trains on faces and stays finite, with batch norm and without", async (device) => {
  for (const loss of LOSSES) {
    for (const dNorm of ["batch", "none"] as const) {
      const numbers = await trainOnFaces(device, { loss, dNorm });
      assertFalse(numbers.some((one) => "penalties" in one));
    }
  }
});

gpuTest(
  "spectral norm trains on faces with hinge and with penalties, and so do networks without norm",
  async (device) => {
    for (
      const options of [
        { dNorm: "spectral", loss: "hinge" },
        { dNorm: "spectral", loss: "rpgan", r1: 1, r2: 1 },
      ] as const
    ) {
      await trainOnFaces(device, options, 200);
    }
    await trainOnFaces(device, {
      dNorm: "spectral",
      gNorm: "none",
      loss: "wasserstein",
      firstLayer: "project",
    });
    await trainOnFaces(device, { dNorm: "none", gNorm: "none", loss: "rpgan", r1: 1, upsampling: "nearest" });
  },
);

gpuTest("gradient penalties are recorded, and hold the discriminator's slope down", async (device) => {
  const options = { loss: "rpgan", dNorm: "none", beta1: 0, beta2: 0.99, learningRate: 1e-3 } as const;
  const last = async (gamma: number) => {
    const numbers = await trainOnFaces(device, { ...options, r1: gamma, r2: gamma });
    const penalties = numbers.map((one) => one.penalties!);
    assert(penalties.every((penalty) => penalty > 0 && Number.isFinite(penalty)));
    // Both gammas are the same, so that this is the mean of the squared norms, real and fake ones added
    return penalties.at(-1)! * 2 / gamma;
  };
  const [free, held] = [await last(1e-6), await last(1)];
  assert(held < free / 2, `${held} and ${free}`);
});

gpuTest("a step with gradient penalties is one program of few more launches", async (device) => {
  const given = { loss: "rpgan", dNorm: "none" } as const;
  const [plain, r1, r2, both] = [{}, { r1: 1 }, { r2: 1 }, { r1: 1, r2: 1 }].map((gammas) => {
    using trainer = makeTrainer(device, { ...given, ...gammas });
    return trainer.program.stats.launches;
  });
  assertEquals([r1, r2], [both, both]);
  assert(both! > plain! && both! < plain! + 40, `${plain} and ${both}`);
  // Each has a number of its own, and either alone leaves the other out of the sum
  const penaltiesOf = async (options: TrainOptions) => {
    using trainer = makeTrainer(device, { ...given, ...options });
    runSteps(trainer, 1);
    const { penalties, r1Penalty, r2Penalty, wganGpPenalty } = (await trainer.metrics())[0]!;
    return { sum: penalties, each: [r1Penalty, r2Penalty, wganGpPenalty] };
  };
  const alone = [
    await penaltiesOf({ r1: 1 }),
    await penaltiesOf({ r2: 2 }),
    await penaltiesOf({ gradientPenalty: 3 }),
  ];
  const all = await penaltiesOf({ r1: 1, r2: 2, gradientPenalty: 3 });
  for (const [at, { sum, each }] of alone.entries()) {
    assertEquals(each, each.map((_, other) => other === at ? sum : undefined));
    assertClose([all.each[at]!], [sum!], { relative: 1e-5, absolute: 0 }, `penalty ${at}`);
  }
  assertEquals(all.sum, all.each.reduce<number>((sum, one) => sum + one!, 0));
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
