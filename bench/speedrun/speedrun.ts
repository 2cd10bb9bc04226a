import { openDataset } from "../../plugins/datasets/mod.ts";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import { secondsOfStep } from "../../src/dcgan/recipes/seconds_of_step.ts";
import { SCORES } from "../../src/dcgan/scores/score.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import type { Channels } from "../../src/pictures/mod.ts";
import { type Entry, SHARED } from "./entries.ts";

/** What is measured, and how. */
export interface SpeedrunOptions {
  /** Dataset, and its folder if it is not in the cache. */
  readonly data: string;
  /** Seeds of the runs. */
  readonly seeds: readonly number[];
  /** The score that counts: sliced Wasserstein distance, or Fréchet distance, which needs a label. */
  readonly scoreBy: "swd" | "frechet";
  /** What it must come down to. */
  readonly target: number;
  /** Steps between scores. */
  readonly every: number;
  /** Steps after which a run is given up. */
  readonly most: number;
  /** Times that a step is timed: the least counts, as others were disturbed. */
  readonly timings: number;
  /** Folder of the runs. */
  readonly out: string;
}

/** How an entry did. */
export interface SpeedrunRow {
  /** Name of the entry. */
  readonly name: string;
  /** Seconds of a step. */
  readonly secondsOfStep: number;
  /** Of each seed, the first step whose samples reach the target; undefined if none does. */
  readonly steps: readonly (number | undefined)[];
  /** Of each seed, the least distance that was seen. */
  readonly least: readonly number[];
}

/**
 * Trains each entry until a score of its samples reaches the target. The steps of an entry are timed apart from its run, so
 * that neither its scores nor other work on the machine count.
 */
export async function speedrun(
  device: Device,
  entries: readonly Entry[],
  options: SpeedrunOptions,
  say: (line: string) => void,
): Promise<SpeedrunRow[]> {
  const { data, seeds, timings } = options;
  await using dataset = await openDataset(data, { size: SHARED.size, channels: SHARED.channels });
  const channels = dataset.shape[2] as Channels;
  const times = new Map<string, number>();
  for (let round = 0; round < timings; round++) {
    for (const { name, options } of entries) {
      const seconds = await secondsOfStep(device, resolveConfig({ ...SHARED, ...options }, { channels }));
      times.set(name, Math.min(seconds, times.get(name) ?? Infinity));
    }
  }
  const rows: SpeedrunRow[] = [];
  for (const [at, entry] of entries.entries()) {
    const runs = [];
    for (const seed of seeds) {
      const run = await reach(device, entry, seed, `${options.out}/${at}-${seed}`, options);
      say(`${entry.name}, seed ${seed}: ${run.step ?? "not reached"}, least ${run.least.toFixed(1)}`);
      runs.push(run);
    }
    rows.push({
      name: entry.name,
      secondsOfStep: times.get(entry.name)!,
      steps: runs.map(({ step }) => step),
      least: runs.map(({ least }) => least),
    });
  }
  return rows;
}

/** Trains until the target is reached. */
async function reach(
  device: Device,
  { options }: Entry,
  seed: number,
  out: string,
  { data, scoreBy, target, every, most }: SpeedrunOptions,
): Promise<{ step: number | undefined; least: number }> {
  let least = Infinity;
  const run = train(device, {
    ...SHARED,
    ...options,
    data,
    seed,
    out,
    steps: most,
    scoreEvery: every,
    scoreBy,
    sampleEvery: 0,
    checkpointEvery: 0,
  });
  for await (const event of run) {
    if (event.type !== "score") continue;
    const distance = event.scores[event.by]?.value;
    if (distance === undefined) continue;
    least = Math.min(least, distance);
    if (distance <= target) return { step: event.step, least };
  }
  return { step: undefined, least };
}

/** A Markdown table: steps, and seconds by the time of a step. */
export function formatSpeedrun(
  adapter: string,
  { data, seeds, scoreBy, target, every }: SpeedrunOptions,
  rows: readonly SpeedrunRow[],
): string {
  const lines = rows.map(({ name, secondsOfStep, steps, least }) => {
    const reached = steps.filter((step) => step !== undefined);
    const median = reached.toSorted((a, b) => a - b)[Math.floor(reached.length / 2)];
    return [
      name,
      (1000 * secondsOfStep).toFixed(1),
      steps.map((step, at) => step?.toLocaleString("en-US") ?? `none (${least[at]!.toFixed(1)})`).join(", "),
      median === undefined ? "" : (median * secondsOfStep).toFixed(0),
    ];
  });
  const heads = ["Recipe", "ms a step", `Steps of seeds ${seeds.join(", ")}`, "Seconds"];
  return [
    `${adapter}, ${data}: until the ${
      SCORES[scoreBy].title
    } is at most ${target}, scored every ${every} steps`,
    "",
    ...[heads, heads.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}
