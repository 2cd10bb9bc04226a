import type { FirstStepResult } from "./startup/first_step.ts";
import type { Footprint } from "./footprint.ts";
import type { LoaderReport } from "./loader/loader.ts";
import type { Measurement } from "./measure.ts";
import type { SamplingResult } from "./sampling.ts";
import type { Spread } from "./spread.ts";
import type { TrainingResult } from "./training.ts";

/** Where and when it was measured. */
export interface Circumstances {
  /** Name of the adapter. */
  readonly adapter: string;
  /** Whether it computes on the CPU. */
  readonly software: boolean;
  /** Threads in a subgroup, or 0 where subgroups do not work. */
  readonly subgroupSize: number;
  /** Version of Deno. */
  readonly deno: string;
  /** Operating system and architecture. */
  readonly system: string;
  /** Logical processors. */
  readonly processors: number;
  /** Start of the measurement, ISO 8601. */
  readonly date: string;
  /** Sums a thread keeps in the kernel that shows the adapter's limit: the fastest of those tried. */
  readonly limitSums: number;
}

/** All that one run of the bench has found. Rates are in GFLOP/s, a multiply-add being two operations. */
export interface Report {
  /** Where and when. */
  readonly circumstances: Circumstances;
  /** The adapter's limit over the whole run, GFLOP/s; missing where nothing was held to it. */
  readonly limit?: Spread;
  /** Milliseconds that a wait for the GPU takes by itself; it is taken off all times. */
  readonly idleWait?: number;
  /** Matrix products and convolutions. */
  readonly kernels: readonly Measurement[];
  /** Training. */
  readonly training: readonly TrainingResult[];
  /** Sampling. */
  readonly sampling: readonly SamplingResult[];
  /** Memory that training takes. */
  readonly memory: readonly (Footprint & { readonly name: string })[];
  /** Start-up. */
  readonly firstSteps: readonly FirstStepResult[];
  /** Loading pictures. */
  readonly loader: LoaderReport;
  /** Operations that a workload takes for one image, in thousands of millions. */
  readonly gflopPerImage: Readonly<
    Record<
      string,
      { readonly training: number; readonly trainingOfPyTorch: number; readonly sampling: number }
    >
  >;
}
