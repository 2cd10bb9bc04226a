import { fastestSums, openDevice } from "../src/gpu/mod.ts";
import { measureFirstStep } from "./startup/first_step.ts";
import { footprintAt } from "./footprint.ts";
import { LOADER_NAMES, measureLoader } from "./loader/loader.ts";
import { convolutionCases, matrixCases, type Planned } from "./kernels.ts";
import { type Effort, measureCases, type Measured } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import type { Circumstances, Report } from "./report.ts";
import { measureSampling } from "./sampling.ts";
import { spreadOf } from "./spread.ts";
import { measureTraining } from "./training.ts";
import { stepWork } from "./work.ts";
import { type Workload, WORKLOADS } from "./workloads.ts";

/** What is measured of each workload, besides its kernels. */
type Aspect = "training" | "sampling" | "memory" | "first step";

const ASPECTS: readonly Aspect[] = ["training", "sampling", "memory", "first step"];

/** A batch at which memory is looked at besides the workload's own: what people train with. */
const LARGER_BATCH = 64;

/** Processes of each kind that first steps are measured with, at most: they take long. */
const FIRST_STEPS = 3;

/** Names of all that can be measured, which `--only` is matched against. */
export function benchNames(): string[] {
  return [
    ...[...matrixCases(), ...convolutionCases()].map(({ name }) => name),
    ...WORKLOADS.flatMap((workload) => ASPECTS.map((aspect) => nameOf(workload, aspect))),
    ...LOADER_NAMES,
  ];
}

/** Measures all that was asked for; `say` hears what is being measured. */
export async function runBench(options: BenchOptions, say: (line: string) => void): Promise<Report> {
  const { only, rounds, seconds, smoke } = options;
  say("the adapter's limit");
  const circumstances = await examineAdapter(rounds);
  const effort = { rounds, seconds, limitSums: circumstances.limitSums };

  const groups: Measured[] = [];
  for (const group of [matrixCases(), convolutionCases()]) {
    const chosen = group.filter(({ name }) => only.test(name));
    if (chosen.length === 0) continue;
    say(chosen.length === 1 ? chosen[0]!.name : `${chosen.length} kernels from ${chosen[0]!.name} on`);
    groups.push(await measureKernels(chosen, effort));
  }
  const each = async <T>(aspect: Aspect, measure: (workload: Workload) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (const workload of WORKLOADS) {
      const name = nameOf(workload, aspect);
      if (!only.test(name)) continue;
      say(name);
      results.push(await measure(workload));
    }
    return results;
  };
  const training = await each("training", (workload) => measureTraining(workload, effort));
  const sampling = await each("sampling", (workload) => measureSampling(workload, effort));
  const memory = await each("memory", async (workload) => [
    { name: workload.name, ...await footprintAt(workload, workload.config.batch) },
    { name: workload.name, ...await footprintAt(workload, LARGER_BATCH) },
  ]);
  const processes = { rounds: Math.min(rounds, FIRST_STEPS), warm: !smoke };
  const firstSteps = await each("first step", (workload) => measureFirstStep(workload, processes));

  const loader = await measureLoader(only, options, say);

  const measured = [...groups, ...[...training, ...sampling].map((found) => found.measured)];
  return {
    circumstances,
    ...limitOf(measured),
    kernels: groups.flatMap(({ measurements }) => measurements),
    training: training.map(({ result }) => result),
    sampling: sampling.map(({ result }) => result),
    memory: memory.flat(),
    firstSteps,
    loader,
    gflopPerImage: gflopPerImage(),
  };
}

function nameOf({ name }: Workload, aspect: Aspect): string {
  return `${name} ${aspect}`;
}

async function examineAdapter(rounds: number): Promise<Circumstances> {
  const date = new Date().toISOString();
  using device = await openDevice();
  return {
    adapter: device.adapter.name,
    software: device.adapter.software,
    subgroupSize: device.capabilities.subgroupSize,
    limitSums: await fastestSums(device, rounds),
    deno: Deno.version.deno,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    processors: navigator.hardwareConcurrency,
    date,
  };
}

/** Kernels of one group on a device of their own, so that what they hold is given back before the next. */
async function measureKernels(planned: readonly Planned[], effort: Effort): Promise<Measured> {
  using device = await openDevice();
  return await measureCases(device, planned.map(({ prepare }) => prepare(device)), effort);
}

function limitOf(measured: readonly Measured[]): Pick<Report, "limit" | "idleWait"> {
  if (measured.length === 0) return {};
  return {
    limit: spreadOf(measured.flatMap(({ limits }) => limits)),
    idleWait: spreadOf(measured.map(({ idleWait }) => idleWait)).median,
  };
}

function gflopPerImage(): Report["gflopPerImage"] {
  return Object.fromEntries(WORKLOADS.map(({ name, config }) => {
    const { training, trainingOfPyTorch, sampling } = stepWork(config);
    return [name, {
      training: training / 1e9,
      trainingOfPyTorch: trainingOfPyTorch / 1e9,
      sampling: sampling / 1e9,
    }];
  }));
}
