import { createGenerator } from "../src/dcgan/networks/generator.ts";
import { generateBytes } from "../src/dcgan/sampling/generate.ts";
import { drawLatent } from "../src/dcgan/networks/latent.ts";
import { STREAMS } from "../src/dcgan/streams.ts";
import { openDevice, quantizeImages } from "../src/gpu/mod.ts";
import { Network } from "../src/nn/mod.ts";
import { type Effort, measureCases, type Measured, type Measurement } from "./measure.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { stepWork } from "./work.ts";
import { SAMPLING_BATCH, type Workload } from "./workloads.ts";

/** What drawing samples costs. */
export interface SamplingResult extends Measurement {
  /** Images a second where every batch is read back, as the sampler does, with the wait in it. */
  readonly imagesPerSecondRead: Spread;
}

/** Measures the generator in evaluation mode, from random numbers to bytes: submitted without waits, and read back. */
export async function measureSampling(
  { name, config }: Workload,
  effort: Effort,
): Promise<{ result: SamplingResult; measured: Measured }> {
  using device = await openDevice();
  using generator = new Network(device, createGenerator(config), { seed: 1 });
  const { latent, latentDistribution } = config;
  using program = device.program({}, () => {
    const source = { seed: 1, stream: STREAMS.samples, counter: 0 };
    const z = drawLatent(device, SAMPLING_BATCH, latent, latentDistribution, source);
    return quantizeImages(generator.forward(z, { training: false }));
  });
  const work = stepWork(config).sampling * SAMPLING_BATCH;
  const sampling = { name: `${name} sampling`, work, images: SAMPLING_BATCH, run: () => program.run() };
  const measured = await measureCases(device, [sampling], effort);
  const read = async (): Promise<number> => {
    const start = performance.now();
    await generateBytes(generator, { count: SAMPLING_BATCH, seed: 1, latent, latentDistribution });
    return SAMPLING_BATCH * 1000 / (performance.now() - start);
  };
  await read();
  const rates: number[] = [];
  for (let round = 0; round < effort.rounds; round++) rates.push(await read());
  return { result: { ...measured.measurements[0]!, imagesPerSecondRead: spreadOf(rates) }, measured };
}
