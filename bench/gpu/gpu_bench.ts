import { openDevice } from "../../src/gpu/mod.ts";
import { runBench } from "../bench.ts";
import type { Report } from "../report.ts";
import { spreadOf } from "../spread.ts";
import { fixturesBeside, runGolden } from "./golden.ts";
import type { GpuBenchOptions } from "./options.ts";
import { measurePyTorch, type PyTorchTimes } from "./pytorch.ts";
import type { GpuReport } from "./report.ts";
import { type OurStep, standingsOf } from "./standings.ts";
import { measureSteps } from "./steps.ts";
import { gpuWorkloads } from "./workloads.ts";

/** What a smoke run measures with the bench. */
const SMOKE = /^S sampling/;

/** All that is measured but what the table of steps measures. */
const REST = /^(?!.* training$)/;

/** Times that each thing is measured, and seconds of one measurement. */
const EFFORT = { full: { rounds: 5, seconds: 0.5 }, smoke: { rounds: 1, seconds: 0 } };

/**
 * Runs the golden cases, the bench, and training steps beside PyTorch's; `say` hears what is being done.
 *
 * @throws {Error} if the adapter computes on the processor and that was not asked for.
 */
export async function runGpuBench(options: GpuBenchOptions, say: (line: string) => void): Promise<GpuReport> {
  const { fixtures, python, compile, tune, smoke } = options;
  const software = await checkAdapter(options.anyAdapter);
  const effort = smoke ? EFFORT.smoke : EFFORT.full;

  const folder = fixtures ?? (smoke ? undefined : await fixturesBeside());
  if (folder !== undefined) say(`Running the golden cases of ${folder}`);
  const golden = folder === undefined ? undefined : await runGolden(folder, say);

  const only = smoke ? SMOKE : REST;
  const bench = await runBench(
    { json: false, only, smoke, all: false, ...effort },
    (what) => say(`Measuring ${what}`),
  );
  const workloads = gpuWorkloads(smoke);
  const { limitSums } = bench.circumstances;
  const { steps, limits } = await measureSteps(workloads, { ...effort, limitSums, tune }, say);
  say("Measuring PyTorch");
  const times = await measurePyTorch(workloads, {
    ...effort,
    python,
    compile,
    ...(software ? { device: "cpu" } : {}),
  });
  return reportOf(bench, golden, steps, times, spreadOf(limits).median);
}

async function checkAdapter(any: boolean): Promise<boolean> {
  using device = await openDevice();
  const { name, software } = device.adapter;
  if (software && !any) {
    throw new Error(
      `${name} computes on the processor, and this bench is for graphics cards: 'deno task bench' measures it, and ` +
        "--any-adapter runs this one all the same",
    );
  }
  return software;
}

function reportOf(
  bench: Report,
  golden: GpuReport["golden"],
  ours: readonly OurStep[],
  times: PyTorchTimes | string,
  limit: number,
): GpuReport {
  const measured = typeof times === "string" ? undefined : times;
  const failures = (measured?.results ?? []).flatMap(({ workload, precision, layout, compiled, error }) => {
    const way = `${precision}, ${layout}${compiled ? ", compiled" : ""}`;
    return error === undefined ? [] : [`PyTorch failed at ${workload} (${way}): ${error}`];
  });
  return {
    bench,
    ...(golden ? { golden } : {}),
    limit,
    pytorch: typeof times === "string" ? { skipped: times } : { version: times.torch, device: times.device },
    failures,
    standings: standingsOf(ours, measured, limit),
  };
}
