import { CHECKPOINT_FILES, checkpointName } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { formatConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import type { ScoreName } from "../../../src/dcgan/scores/score.ts";

/** A run folder to be made. */
export interface MadeRun {
  readonly options?: TrainOptions;
  /** Steps with numbers. */
  readonly done?: number;
  /** Step of its checkpoint. */
  readonly checkpoint?: number;
  /** Its scores by step. */
  readonly scores?: Readonly<Record<number, Partial<Record<ScoreName, number>>>>;
  /** When it was written, in seconds. */
  readonly written?: number;
}

/** The numbers of a step: D(x) goes from 0 to 1 over a thousand steps. */
export function metricsOf(step: number): StepMetrics {
  return {
    step,
    epoch: step / 10,
    generatorLoss: 2,
    discriminatorLossReal: 0.5,
    discriminatorLossFake: 0.25,
    dReal: step / 1000,
    dFake: 0.5,
    dFakeAfter: 0.4,
    discriminatorGradientNorm: 8,
    generatorGradientNorm: 1e4 / step,
  };
}

/** Makes a run folder as `train` leaves it, without training. Returns its path. */
export async function makeRun(path: string, made: MadeRun = {}): Promise<string> {
  const { options = {}, done = 10, checkpoint = done, scores = {}, written } = made;
  await Deno.mkdir(`${path}/checkpoints`, { recursive: true });
  await Deno.writeTextFile(`${path}/config.json`, formatConfig(resolveConfig({ out: path, ...options })));
  const lines = Array.from({ length: done }, (_, i) => `${JSON.stringify(metricsOf(i + 1))}\n`);
  await Deno.writeTextFile(`${path}/metrics.jsonl`, lines.join(""));
  if (checkpoint > 0) {
    const folder = `${path}/checkpoints/${checkpointName(checkpoint)}`;
    await Deno.mkdir(folder);
    for (const file of Object.values(CHECKPOINT_FILES)) await Deno.writeTextFile(`${folder}/${file}`, "");
  }
  const scored = Object.entries(scores).map(([step, values]) => {
    const all = Object.entries(values).map(([name, value]) => [name, { value, error: 0.1 }]);
    return `${
      JSON.stringify({ step: Number(step), samples: 64, pictures: 64, scores: Object.fromEntries(all) })
    }\n`;
  });
  if (scored.length > 0) await Deno.writeTextFile(`${path}/scores.jsonl`, scored.join(""));
  for (const name of written === undefined ? [] : ["config.json", "metrics.jsonl", "checkpoints"]) {
    await Deno.utime(`${path}/${name}`, written!, written!);
  }
  return path;
}
