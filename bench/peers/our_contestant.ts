import { drawLatent } from "../../src/dcgan/networks/latent.ts";
import { generate } from "../../src/dcgan/sampling/generate.ts";
import { STREAMS } from "../../src/dcgan/streams.ts";
import { Trainer } from "../../src/dcgan/trainer.ts";
import { openDevice, quantizeImages } from "../../src/gpu/mod.ts";
import { loadStateDict, type Network, type TensorData } from "../../src/nn/mod.ts";
import { ADAM, countOf, discriminatorLayers, firstValues, generatorLayers, type Layer } from "./networks.ts";
import { type Problem, realPixels } from "./problem.ts";
import type { Contestant } from "./protocol.ts";

/** Our own contestant: the product's trainer, and its generator as a recorded program. */
export async function openOurs(problem: Problem): Promise<Contestant> {
  const device = await openDevice();
  const latentDistribution = "normal";
  const trainer = new Trainer(device, {
    ...problem,
    ...ADAM,
    latentDistribution,
    kernel: 4,
    loss: "non-saturating",
    labelSmoothing: 0,
    dNorm: "batch",
    gNorm: "batch",
    conditional: false,
    r1: 0,
    r2: 0,
    gradientPenalty: 0,
    penaltyEvery: 1,
    labelFlip: 0,
    instanceNoise: 0,
    ema: 0,
    emaSnapshots: 0,
    optimizer: "adam",
    schedule: "constant",
    warmup: 0,
    steps: 1,
    clip: 0,
    pack: 1,
    dSteps: 1,
    gSteps: 1,
    accumulate: 1,
    shards: 1,
    bn: "sync",
    exchange: "f32",
    weightDecay: 0,
    precision: "f32",
    flip: false,
    augment: [],
    augmentProbability: 1,
    augmentTarget: 0,
  });
  const { generator } = trainer;
  setFirstValues(generator, generatorLayers(problem), problem.seed);
  setFirstValues(trainer.discriminator, discriminatorLayers(problem), problem.seed + 1);
  const pixels = realPixels(problem);
  const { latent, sampled, seed } = problem;
  const recordSampling = () =>
    device.program({}, () => {
      const source = { seed, stream: STREAMS.samples, counter: 0 };
      const z = drawLatent(device, sampled, latent, latentDistribution, source);
      return { bytes: quantizeImages(generator.forward(z, { training: false })) };
    });
  let sampling: ReturnType<typeof recordSampling> | undefined;
  return {
    parameters: generator.parameterCount + trainer.discriminator.parameterCount,
    async train(steps) {
      for (let i = 0; i < steps; i++) trainer.step(pixels);
      const metrics = await trainer.metrics();
      return metrics.map((step) => [
        step.discriminatorLossReal + step.discriminatorLossFake,
        step.generatorLoss,
      ]);
    },
    async sample(batches) {
      sampling ??= recordSampling();
      for (let i = 0; i < batches; i++) sampling.run();
      await device.read([sampling.outputs.bytes]);
    },
    async pictures() {
      const options = { count: sampled, seed, latent, latentDistribution } as const;
      const { value } = await generate(generator, options, "f32").next();
      return value as Float32Array;
    },
  };
}

function setFirstValues(network: Network, layers: readonly Layer[], seed: number): void {
  const values = firstValues(layers, seed);
  if (network.parameterCount !== countOf(values)) throw new Error("The networks differ from the peers'");
  const tensors = new Map<string, TensorData>();
  for (const [name, { shape, data }] of values) tensors.set(name, { dtype: "F32", shape, data });
  for (const { norm, outputs } of layers) {
    if (norm === undefined) continue;
    const statistic = (value: number): TensorData => {
      return { dtype: "F32", shape: [outputs], data: new Float32Array(outputs).fill(value) };
    };
    tensors.set(`${norm}.running_mean`, statistic(0));
    tensors.set(`${norm}.running_var`, statistic(1));
    tensors.set(`${norm}.num_batches_tracked`, { dtype: "I64", shape: [], data: new BigInt64Array(1) });
  }
  loadStateDict(network, tensors);
}
