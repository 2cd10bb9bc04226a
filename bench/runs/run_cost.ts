/**
 * `deno task bench:run-cost`: what a run costs beside its steps. Runs of the workload S with an average of the generator,
 * scores, samples and checkpoints take turns with runs that have none of them, and their processor time is compared, as
 * it depends less on what else the machine does than the clock.
 */
import "../../src/host/on_native.ts";
import process from "node:process";
import { Command } from "@commander-js/extra-typings";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { train } from "../../src/dcgan/train.ts";
import { type Device, openDevice } from "../../src/gpu/mod.ts";
import { toWhole, USAGE_EXIT_CODE } from "../options.ts";
import { spreadOf } from "../spread.ts";

/** The workload S, and data that costs little to read. */
const S = {
  data: "faces",
  size: 32,
  channels: 1,
  ngf: 32,
  ndf: 32,
  batch: 32,
} as const satisfies TrainOptions;

/** Steps of a turn. */
const TURN = 10;

/** Nothing but steps. */
const PLAIN = { scoreEvery: 0, sampleEvery: 0, checkpointEvery: 0 } as const satisfies TrainOptions;

/** Processor seconds so far. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Processor seconds of runs from their start to their end. They go on in turns of some steps: whatever else the machine
 * does, it does to all of them.
 */
export async function secondsInTurns(device: Device, kinds: readonly TrainOptions[]): Promise<number[]> {
  const out = await Deno.makeTempDir();
  const runs = kinds.map((options, at) => train(device, { ...options, logEvery: TURN, out: `${out}/${at}` }));
  const seconds = kinds.map(() => 0);
  try {
    await Promise.all(runs.map(started));
    const going = new Set(runs);
    while (going.size > 0) {
      for (const [at, run] of runs.entries()) {
        if (!going.has(run)) continue;
        const before = processorSeconds();
        if (await turn(run)) going.delete(run);
        seconds[at]! += processorSeconds() - before;
      }
    }
    return seconds;
  } finally {
    await Promise.all(runs.map((run) => run.return(undefined)));
    await Deno.remove(out, { recursive: true });
  }
}

/** Goes on until the run has started. */
async function started(run: ReturnType<typeof train>): Promise<void> {
  while ((await run.next()).value?.type !== "start");
}

/** Goes on until the numbers of some steps are there, and says whether the run has ended. */
async function turn(run: ReturnType<typeof train>): Promise<boolean> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return true;
    if (value.type === "metrics") return false;
  }
}

if (import.meta.main) {
  const { steps, every, rounds } = new Command("deno task bench:run-cost")
    .description(
      "Compares the processor time of runs with averages, scores, samples and checkpoints, and without.",
    )
    .option("--steps <count>", "steps of each run (default: 1000)", toWhole, 1000)
    .option("--every <steps>", "steps between scores, samples and checkpoints (default: 500)", toWhole, 500)
    .option("--rounds <count>", "runs of each kind (default: 3)", toWhole, 3)
    .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .parse([...Deno.args], { from: "user" }).opts();
  const kinds: readonly [name: string, options: TrainOptions][] = [
    ["steps alone", PLAIN],
    ["with an average of the generator", { ...PLAIN, ema: 0.999 }],
    ["with samples", { ...PLAIN, sampleEvery: every }],
    ["with checkpoints", { ...PLAIN, checkpointEvery: every }],
    ["with scores", { ...PLAIN, scoreEvery: every }],
    ["with all of them", { ema: 0.999, sampleEvery: every, checkpointEvery: every, scoreEvery: every }],
  ];
  using device = await openDevice();
  // Kernels are compiled once
  await secondsInTurns(device, kinds.map(([, options]) => ({ ...S, ...options, steps: 2 })));
  const ratios = new Map<string, number[]>(kinds.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const seconds = await secondsInTurns(device, kinds.map(([, options]) => ({ ...S, ...options, steps })));
    for (const [at, [name]] of kinds.entries()) {
      ratios.get(name)!.push(seconds[at]! / seconds[0]!);
      console.error(`Round ${round + 1}, ${name}: ${seconds[at]!.toFixed(2)} s`);
    }
  }
  console.log(`\n${device.adapter.name}, S, ${steps} steps, everything every ${every}\n`);
  console.log("| Run | Processor time, as a ratio (median) | Least | Most |\n| --- | --- | --- | --- |");
  for (const [name, values] of ratios) {
    const { median, min, max } = spreadOf(values);
    console.log(`| ${name} | ${[median, min, max].map((value) => value.toFixed(3)).join(" | ")} |`);
  }
}
