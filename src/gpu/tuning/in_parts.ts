import type { Contraction } from "../contraction/sums/contraction.ts";
import { leastSplits } from "../contraction/kernels/loops.ts";
import { type Schedule, tileOf } from "../contraction/kernels/schedule.ts";
import { tiledThreads } from "../contraction/kernels/tiled_memory.ts";
import type { KernelVariant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";

/** Parts that sums are cut into at most. */
const MOST_PARTS = 32;

/** Depth of a part at least: below, adding the parts up takes longer. */
const LEAST_DEPTH = 64;

/** Threads that keep the largest cards busy, and workgroups that keep a processor busy: parts make more of them. */
const ENOUGH = { threads: 2 ** 17, workgroups: 32 };

/** A schedule with sums in one piece, or as few as the driver's loops allow, and in more parts if they may be cut. */
export function inParts(device: Device, contraction: Contraction, schedule: Schedule): KernelVariant[] {
  const { problem, rows, columns, depth, phases = 1, splittable = false } = contraction;
  const { software } = device.adapter;
  const least = leastSplits(contraction, schedule, device.capabilities.loopIterations);
  const variants = [{ schedule, splits: least }];
  // Parts of a run have a text of their own, which takes a processor longer to compile than they save
  if (!splittable || (software && problem.partOfRun)) return variants;
  const tile = tileOf(schedule);
  const workgroups = Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) * phases;
  const most = Math.min(
    MOST_PARTS,
    depth / LEAST_DEPTH,
    software ? ENOUGH.workgroups / workgroups : ENOUGH.threads / (workgroups * threadsOf(schedule)),
  );
  for (let splits = 2; splits <= most; splits *= 2) {
    if (splits > least) variants.push({ schedule, splits });
  }
  return variants;
}

/** Threads of a workgroup. */
function threadsOf(schedule: Schedule): number {
  return schedule.shape === "tiled" ? tiledThreads(schedule) : schedule.lanes * schedule.groups;
}
