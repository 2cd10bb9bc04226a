/** Run folders that no run has made: what a report is of, without a GPU. */
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import type { TrainConfig } from "../../../src/dcgan/options/config.ts";
import { formatConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { StepScores } from "../../../src/dcgan/scores/scores_file.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { randomValues } from "../../support/random.ts";

/** What is in a folder. */
export interface MadeRun {
  /** Options that differ from those of other made runs. */
  readonly config?: Partial<TrainConfig>;
  /** Steps with numbers. */
  readonly steps?: number;
  /** What is otherwise about a step. */
  readonly change?: (step: number) => Partial<StepMetrics>;
  /** Scores. */
  readonly scores?: readonly StepScores[];
  /** Steps with a grid of samples. */
  readonly grids?: readonly number[];
  /** Pixels across and down of each grid, if they are not of four samples. */
  readonly sides?: readonly [width: number, height: number];
  /** Whether there is a grid of the data. */
  readonly real?: boolean;
}

/** Writes a run folder. */
export async function makeRun(
  path: string,
  { config, steps = 3, change, scores = [], grids = [], sides, real }: MadeRun = {},
) {
  await Deno.mkdir(`${path}/samples`, { recursive: true });
  const settings = { ...resolveConfig({ size: 16, steps: 10 }, { length: 1000 }), out: path, ...config };
  await Deno.writeTextFile(`${path}/config.json`, formatConfig(settings));
  await Deno.writeTextFile(`${path}/metrics.jsonl`, linesOf(1, steps, change));
  if (scores.length > 0) {
    await Deno.writeTextFile(
      `${path}/scores.jsonl`,
      scores.map((one) => `${JSON.stringify(one)}\n`).join(""),
    );
  }
  for (const step of grids) await Deno.writeFile(`${path}/${gridName(step)}`, await picture(step, sides));
  if (real) await Deno.writeFile(`${path}/real.png`, await picture(0));
}

/** Lines of `metrics.jsonl` for some steps. */
export function linesOf(
  first: number,
  last: number,
  change?: (step: number) => Partial<StepMetrics>,
): string {
  let lines = "";
  for (let step = first; step <= last; step++) {
    lines += `${JSON.stringify({ ...stepOf(step), ...change?.(step) })}\n`;
  }
  return lines;
}

/** The numbers of a step. */
export function stepOf(step: number): StepMetrics {
  const wave = Math.sin(step);
  return {
    step,
    epoch: step / 10,
    discriminatorLossReal: 0.4 + 0.1 * wave,
    discriminatorLossFake: 0.3,
    generatorLoss: 2 + wave,
    dReal: 0.7,
    dFake: 0.3,
    dFakeAfter: 0.2,
  };
}

/** Scores of a step. */
export function scoresOf(step: number, swd: number): StepScores {
  const score = (value: number) => ({ value, error: 0.5 });
  const scores = { swd: score(swd), patchGap: score(swd / 10), deviation: score(0.9), nearest: score(1.1) };
  return { step, samples: 64, pictures: 64, scores };
}

/** Path of a grid in a run folder. */
export function gridName(step: number): string {
  return `samples/step-${`${step}`.padStart(6, "0")}.png`;
}

/** Noise, so that no two grids are alike. */
function picture(seed: number, [width, height]: readonly [number, number] = [38, 38]): Promise<Uint8Array> {
  const data = Uint8Array.from(randomValues(width * height * 3, seed + 1, [0, 256]));
  return encodePng({ width, height, channels: 3, data });
}
