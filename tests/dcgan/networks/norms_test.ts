/** Runs with spectral norm in the discriminator, and with a generator without norm. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { restoreCheckpoint, writeCheckpoint } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { loadGenerator } from "../../../src/dcgan/sampling/load_generator.ts";
import { hostNormal, spectralNorm } from "../../../src/gpu/mod.ts";
import { Network } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { bytesOf, makeTrainer, runSteps, trainTiny, withFolder } from "../tiny.ts";

const ARCHITECTURE = {
  size: 32,
  channels: 3,
  ngf: 24,
  ndf: 32,
  latent: 9,
  firstLayer: "transposed",
  upsampling: "transposed",
} as const;

gpuTest(
  "createDiscriminator() without norm starts He-normal, and keeps the scale of what it gets",
  async (device) => {
    using network = new Network(
      device,
      createDiscriminator({ ...ARCHITECTURE, dNorm: "none" }),
    );
    const deviationOf = (values: ArrayLike<number>) =>
      Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0) / values.length);
    for (const [name, fanIn] of [["main.0", 3 * 16], ["main.2", 32 * 16], ["main.4", 64 * 16]] as const) {
      const deviation = deviationOf(await network.parameters.get(`${name}.weight`)!.tensor.data());
      assertClose([deviation], [Math.sqrt(2 / (1.04 * fanIn))], { relative: 0.05, absolute: 0 }, name);
    }
    const pixels = randomValues(4 * 32 * 32 * 3, 1, [-1, 1]);
    const logits = await network.forward(device.tensor(pixels, { shape: [4, 32, 32, 3] })).data();
    assert(deviationOf(logits) > 0.05 && deviationOf(logits) < 5, `${logits}`);
  },
);

gpuTest("createGenerator() without norm keeps the scale of what passes through it", async (device) => {
  for (
    const kinds of [
      {},
      { upsampling: "nearest" },
      { firstLayer: "project" },
    ] as const
  ) {
    using _scope = device.scope();
    const architecture = { ...ARCHITECTURE, ...kinds, gNorm: "none" } as const;
    using generator = new Network(device, createGenerator(architecture), { seed: 2 });
    const z = device.tensor(hostNormal(8 * 9, { seed: 1, stream: 0, counter: 0 }), { shape: [8, 9] });
    const values = await generator.forward(z).data();
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    assert(deviation > 0.25 && deviation < 0.8, `${JSON.stringify(kinds)}: ${deviation}`);
  }
});

gpuTest("a trainer with spectral norm goes back to a checkpoint, u and v included", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device, { dNorm: "spectral", loss: "hinge", r1: 1 });
    runSteps(trainer, 3);
    await trainer.metrics();
    const path = await writeCheckpoint(folder, trainer);
    runSteps(trainer, 2);
    const expected = await bytesOf(trainer);
    // What a run that rolls back has: numbers that went bad
    const { statistics, parameters } = trainer.discriminator;
    for (const { tensor } of [...statistics.values(), ...parameters.values()]) {
      tensor.set(new Float32Array(tensor.size).fill(NaN));
    }
    await restoreCheckpoint({ path, step: 3 }, trainer);
    runSteps(trainer, 2);
    assertEquals(await bytesOf(trainer), expected);
  });
});

gpuTest("the discriminator's weights keep a spectral norm near 1 while it trains", async (device) => {
  using trainer = makeTrainer(device, { dNorm: "spectral", loss: "hinge", learningRate: 2e-3 });
  runSteps(trainer, 30);
  await trainer.metrics();
  const { parameters, statistics } = trainer.discriminator;
  for (const [name, { tensor: weight, shape }] of parameters) {
    if (!name.endsWith("weight_orig")) continue;
    const [u, v] = ["u", "v"].map((which) => statistics.get(name.replace("orig", which))!.tensor);
    const axis = shape.length - 1;
    const estimate = await spectralNorm(weight, { u: u!, v: v!, training: false, axis }).sigma.item();
    const { sigma } = spectralNorm(weight, { u: u!, v: v!, training: true, axis, iterations: 50 });
    const norm = await sigma.item();
    assert(Math.abs(estimate / norm - 1) < 0.05, `${name}: ${estimate} and ${norm}`);
  }
});

gpuTest("a step with spectral norm is one program, whose weights alone are renewed", (device) => {
  const [none, spectral] = (["none", "spectral"] as const).map((dNorm) => {
    using trainer = makeTrainer(device, { dNorm, loss: "hinge" });
    return trainer.program.stats;
  });
  assertEquals(spectral!.submits, none!.submits);
  // Three layers: five launches in each of three passes and two on the way back of two, and a pass for each half
  const passes = spectral!.launches - none!.launches - 3 * (3 * 5 + 2 * 2);
  assert(passes > 10 && passes < 35, `${passes}`);
});

gpuTest("a run with a generator without norm is sampled, averaged and loaded", async (device) => {
  await withFolder(async (folder) => {
    for (
      const [which, given] of Object.entries(
        {
          transposed: { dNorm: "spectral", loss: "hinge" },
          project: { firstLayer: "project", upsampling: "nearest" },
        } as const,
      )
    ) {
      const out = `${folder}/${which}`;
      const data = { data: "faces", dataOptions: { length: 60 } };
      await trainTiny(device, { ...data, ...given, gNorm: "none", ema: 0.9, steps: 4, out });
      const drawn = async (source: string, options = {}) => {
        const to = `${folder}/drawn.npy`;
        await sample(device, source, { count: 3, mark: false, out: to, ...options });
        return await Deno.readFile(to);
      };
      const checkpoint = `${out}/checkpoints/step-000004`;
      const usual = await drawn(out);
      assertEquals(await drawn(`${checkpoint}/generator_ema.safetensors`), usual);
      const current = await drawn(out, { ema: false });
      assertEquals(await drawn(`${checkpoint}/generator.safetensors`), current);
      assertNotEquals(current, usual);
      // There is nothing to normalize with the statistics of the batch
      assertEquals(await drawn(out, { statistics: "batch" }), usual);
      const { generator, size } = await loadGenerator(device, out);
      using _ = generator;
      assertEquals([size, generator.statistics.size], [16, 0]);
    }
  });
});
