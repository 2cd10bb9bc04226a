/** Steps whose batches pass through the networks in parts. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LOSSES } from "../../../src/dcgan/options/losses.ts";
import { trainingStep, type TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { assertClose } from "../../support/close.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { makeTrainer, runSteps } from "../tiny.ts";
import { makeAdversaries, noise } from "./adversaries.ts";

const TOLERANCE = { relative: 1e-4, absolute: 2e-6 };

/** All that a step leaves, by name. */
async function stepOf(
  device: Device,
  options: TrainingStepOptions,
  architecture: Partial<Architecture> = {},
) {
  using _scope = device.scope();
  const { networks, optimizers } = makeAdversaries(device, architecture);
  using program = device.program(
    {},
    () => trainingStep(networks, optimizers, noise(device, 12, 12), options),
  );
  program.run();
  const { gradientNorms, penalties, ...results } = program.outputs;
  const named = {
    ...results,
    ...(penalties ? { penalties } : {}),
    dNorm: gradientNorms.discriminator,
    gNorm: gradientNorms.generator,
    dGradients: networks.discriminator.gradients,
    gGradients: networks.generator.gradients,
    dWeights: networks.discriminator.values,
    gWeights: networks.generator.values,
  };
  const values = await device.read(Object.values(named));
  return new Map(Object.keys(named).map((name, i) => [name, values[i]!]));
}

gpuTest(
  "trainingStep() in micro-batches is the step of the whole batch without batch norm",
  async (device) => {
    const given: TrainingStepOptions[] = [
      ...LOSSES.map((loss) => ({ loss })),
      { loss: "rpgan", r1: 0.3, r2: 0.2, clip: 0.05 },
      { r1: 0.5 },
      { pack: 2, r2: 0.5 },
    ];
    for (const options of given) {
      const architecture = { pack: options.pack ?? 1 };
      const expected = await stepOf(device, options, architecture);
      for (const accumulate of [2, 3]) {
        const found = await stepOf(device, { ...options, accumulate }, architecture);
        assertEquals([...found.keys()], [...expected.keys()]);
        for (const [name, values] of expected) {
          assertClose(found.get(name)!, values, TOLERANCE, `${name} of ${JSON.stringify(options)}`);
        }
      }
    }
  },
);

gpuTest("batch norms take their statistics from each micro-batch", async (device) => {
  const norms = { dNorm: "batch", gNorm: "batch" } as const;
  const [whole, parts] = [
    await stepOf(device, {}, norms),
    await stepOf(device, { accumulate: 3 }, norms),
  ];
  assertNotEquals(parts.get("dGradients"), whole.get("dGradients"));
  using trainer = makeTrainer(device, { accumulate: 2 });
  runSteps(trainer, 3);
  const count = async (network: "generator" | "discriminator") => {
    const name = [...trainer[network].statistics.keys()].find((name) =>
      name.endsWith("num_batches_tracked")
    )!;
    return await trainer[network].statistics.get(name)!.tensor.item();
  };
  // The discriminator sees real images, fake ones, and these again
  assertEquals([await count("generator"), await count("discriminator")], [3 * 2, 3 * 2 * 3]);
});

f16Test("Trainer in f16 keeps close to one in f32 with micro-batches", async (device) => {
  const run = async (options: { precision?: "f16"; accumulate?: number }) => {
    using trainer = makeTrainer(device, { dNorm: "none", gNorm: "none", ...options });
    runSteps(trainer, 10);
    return (await trainer.metrics()).map(({ generatorLoss, dReal }) => [generatorLoss, dReal]).flat();
  };
  const expected = await run({});
  for (const accumulate of [2, 4]) {
    const found = await run({ precision: "f16", accumulate });
    assertClose(found, expected, { relative: 0, absolute: 0.01 }, `${accumulate} parts`);
  }
});

gpuTest("micro-batches take less memory", (device) => {
  const bytes = (accumulate: number) => {
    using trainer = makeTrainer(device, { size: 32, ngf: 16, ndf: 16, batch: 32, accumulate });
    return trainer.program.stats.temporaryBytes;
  };
  const [whole, halves, eighths] = [bytes(1), bytes(2), bytes(8)];
  assert(halves < 0.8 * whole && eighths < 0.6 * whole, `${whole} ${halves} ${eighths}`);
});
