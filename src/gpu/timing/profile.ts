import type { Launch } from "../kernel/launch.ts";
import { median } from "./median.ts";

/** What launches of one kernel on one size of data take. */
export interface ProfileRow {
  /** Name of the kernel. */
  readonly kernel: string;
  /** The sizes it computes, if launches of one kernel differ in them. */
  readonly detail?: string;
  /** Launches a run. */
  readonly launches: number;
  /** Milliseconds of all of them, the median of all runs. */
  readonly milliseconds: number;
  /** What part that is of all kernels' time. */
  readonly share: number;
  /** GFLOP/s (10^9 floating-point operations per second), a multiply-add counted as two; contractions only. */
  readonly gflops?: number;
  /** What part that is of the adapter's limit. */
  readonly shareOfLimit?: number;
}

/** Where the time of a program goes. */
export interface Profile {
  /** Runs that were timed. */
  readonly runs: number;
  /** The adapter's own limit, GFLOP/s. */
  readonly limit: number;
  /** Launches a run. */
  readonly launches: number;
  /** Milliseconds of all kernels of a run. */
  readonly milliseconds: number;
  /** GFLOP/s over that time. */
  readonly gflops: number;
  /** What part that is of the adapter's limit. */
  readonly shareOfLimit: number;
  /** Kernels, those first that take longest. */
  readonly rows: readonly ProfileRow[];
}

/**
 * Sums up what launches took in one run or more, kernel by kernel. Contractions of different sizes count apart.
 *
 * @param launches The program's launches, in order.
 * @param runs Milliseconds of each launch, run by run.
 * @param limit The adapter's own limit, GFLOP/s.
 * @throws {RangeError} if there is no run, or one with another number of launches.
 */
export function summarizeProfile(
  launches: readonly Launch[],
  runs: readonly (readonly number[])[],
  limit: number,
): Profile {
  const odd = runs.find(({ length }) => length !== launches.length);
  if (runs.length === 0 || odd) {
    throw new RangeError(
      `A profile needs runs of ${launches.length} launches, found ${
        odd ? `one of ${odd.length}` : "no run at all"
      }`,
    );
  }
  const groups = [...Map.groupBy(launches.keys(), (i) => nameOf(launches[i]!)).values()].map((members) => {
    const { kernel, detail } = launches[members[0]!]!;
    const milliseconds = median(runs.map((run) => sum(members.map((i) => run[i]!))));
    const work = sum(members.map((i) => launches[i]!.work ?? 0));
    return { kernel: kernel.label, detail, launches: members.length, milliseconds, work };
  });
  const milliseconds = sum(groups.map((group) => group.milliseconds));
  const gflops = rate(sum(groups.map(({ work }) => work)), milliseconds);
  return {
    runs: runs.length,
    limit,
    launches: launches.length,
    milliseconds,
    gflops,
    shareOfLimit: gflops / limit,
    rows: groups.toSorted((a, b) => b.milliseconds - a.milliseconds).map(({ work, detail, ...group }) => ({
      kernel: group.kernel,
      ...(detail === undefined ? {} : { detail }),
      launches: group.launches,
      milliseconds: group.milliseconds,
      share: milliseconds === 0 ? 0 : group.milliseconds / milliseconds,
      ...(work === 0 ? {} : {
        gflops: rate(work, group.milliseconds),
        shareOfLimit: rate(work, group.milliseconds) / limit,
      }),
    })),
  };
}

function nameOf({ kernel, detail }: Launch): string {
  return `${kernel.label}\n${detail ?? ""}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** GFLOP/s; undefined if the clock did not advance. */
function rate(work: number, milliseconds: number): number {
  return milliseconds === 0 ? 0 : work / milliseconds / 1e6;
}
