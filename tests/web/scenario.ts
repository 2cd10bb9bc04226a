/**
 * What a page does with this package, in whatever runtime it is: trains a tiny run with files of a host, without a
 * break and with one, and draws from it.
 */
import type { Device } from "../../src/gpu/mod.ts";
import type { Host } from "../../src/host/host.ts";
import type { TrainEvent } from "../../src/dcgan/run/events.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { SampleOptions } from "../../src/dcgan/sampling/sample_options.ts";
import type { SampleResult } from "../../src/dcgan/sample.ts";

/** What of the package is used. */
export interface Package {
  train(device: Device, options: TrainOptions): AsyncIterable<TrainEvent>;
  sample(device: Device, source: string, options: SampleOptions): Promise<SampleResult>;
}

/** What came out. */
export interface Outcome {
  /** Types of the events of the run without a break. */
  readonly events: readonly string[];
  /** Steps of the metrics of the run with a break. */
  readonly steps: readonly number[];
  /** Files of the run with a break that are not those of the run without. */
  readonly differing: readonly string[];
  /** Files that were compared. */
  readonly compared: readonly string[];
  /** The first bytes of the picture that was drawn. */
  readonly png: readonly number[];
  /** What the runs warned of. */
  readonly warnings: readonly string[];
}

const TINY = {
  ...{ data: "faces", dataOptions: { length: 100 }, size: 16, ngf: 4, ndf: 4, batch: 4, samples: 4, seed: 3 },
} as const;

/** Trains in a folder, without a break and with one, and compares. */
export async function runScenario(
  { train, sample }: Package,
  device: Device,
  host: Host,
  folder: string,
): Promise<Outcome> {
  const [whole, broken] = [`${folder}/whole`, `${folder}/broken`];
  const events = new Set<string>();
  const steps: number[] = [];
  const warnings: string[] = [];
  const take = async (run: AsyncIterable<TrainEvent>, isWhole: boolean) => {
    for await (const event of run) {
      if (isWhole) events.add(event.type);
      if (event.type === "warning") warnings.push(event.message);
      if (!isWhole && event.type === "metrics") steps.push(event.step);
    }
  };
  await take(train(device, { ...TINY, steps: 4, checkpointEvery: 2, out: whole }), true);
  await take(train(device, { ...TINY, steps: 2, checkpointEvery: 2, out: broken }), false);
  await take(train(device, { resume: broken, steps: 4 }), false);
  const compared = ["samples/step-000004.png"];
  for (const name of ["generator", "discriminator", "training"]) {
    compared.push(`checkpoints/step-000004/${name}.safetensors`);
  }
  const differing: string[] = [];
  for (const name of compared) {
    const [one, other] = [await host.readFile(`${whole}/${name}`), await host.readFile(`${broken}/${name}`)];
    if (one.length !== other.length || one.some((byte, i) => byte !== other[i])) differing.push(name);
  }
  const out = `${folder}/samples.png`;
  await sample(device, broken, { count: 4, out });
  const png = [...(await host.readFile(out)).subarray(0, 4)];
  return { events: [...events].sort(), steps, differing, compared, png, warnings };
}
