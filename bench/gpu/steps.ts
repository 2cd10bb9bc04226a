import type { KernelVariants } from "../../src/dcgan/kernels/kernel_variants.ts";
import { findKernels } from "../../src/dcgan/kernels/tuning.ts";
import { createDiscriminator } from "../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../src/dcgan/networks/generator.ts";
import { openDevice } from "../../src/gpu/mod.ts";
import { type Module, namedParameters } from "../../src/nn/module.ts";
import type { Effort } from "../measure.ts";
import { measureTraining } from "../training.ts";
import type { Workload } from "../workloads.ts";
import type { OurStep } from "./standings.ts";

/** How thoroughly our steps are measured. */
export interface StepsEffort extends Effort {
  /** With tuned kernels as well. */
  readonly tune: boolean;
}

/** Measures our training step on workloads, and the card's limit in GFLOP/s around it. */
export async function measureSteps(
  workloads: readonly Workload[],
  { tune, ...effort }: StepsEffort,
  say: (line: string) => void,
): Promise<{ readonly steps: OurStep[]; readonly limits: number[] }> {
  const limits: number[] = [];
  const measure = async (workload: Workload, kernels?: KernelVariants): Promise<OurStep> => {
    const config = { ...workload.config, ...(kernels ? { kernels } : {}) };
    const { result, measured } = await measureTraining({ ...workload, config }, effort);
    limits.push(...measured.limits);
    const { milliseconds, shareOfLimit } = result;
    const tuned = kernels !== undefined;
    return { workload, tuned, parameters: parametersOf(workload), milliseconds, shareOfLimit };
  };
  const steps: OurStep[] = [];
  for (const workload of workloads) {
    say(`Measuring ${workload.name} training`);
    steps.push(await measure(workload));
    if (!tune) continue;
    say(`Tuning ${workload.name}`);
    const kernels = await tunedKernels(workload);
    say(`Measuring ${workload.name} training, tuned`);
    steps.push(await measure(workload, kernels));
  }
  return { steps, limits };
}

/** The fastest kernels for a workload. They are not remembered: a bench changes nothing for later runs. */
async function tunedKernels({ config }: Workload): Promise<KernelVariants> {
  using device = await openDevice();
  const tuning = findKernels(device, config);
  let next = await tuning.next();
  while (!next.done) next = await tuning.next();
  return { adapter: device.adapter.name, variants: Object.fromEntries(next.value) };
}

function parametersOf({ config }: Workload): OurStep["parameters"] {
  const count = (module: Module): number =>
    [...namedParameters(module).values()].reduce(
      (sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1),
      0,
    );
  return { generator: count(createGenerator(config)), discriminator: count(createDiscriminator(config)) };
}
