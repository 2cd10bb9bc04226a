import type { Device } from "../../device/device.ts";
import type { Contraction } from "../sums/contraction.ts";
import { contractionIterations, leastSplits, partLength } from "../kernels/loops.ts";
import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import type { Problem } from "../sums/problem.ts";
import { canShareLoads, tiledBytes, tiledThreads } from "../kernels/tiled_memory.ts";
import type { Variant } from "./variant.ts";
import { canUseWinograd } from "../winograd/choose_side.ts";

/**
 * Rows of a thread at most, if elements are read or written one by one: more make so much text that SwiftShader runs
 * out of memory, and llvmpipe takes very long to compile it.
 */
const MAX_SINGLE_ROWS = 16;

/** The same if threads share nothing, so that each reads all of its own rows. */
export const MAX_SINGLE_ROWS_ALONE = 4;

/** Whether some elements are read or written one by one, as their rows do not begin at multiples of four. */
export function isUnaligned({ a, b, alignedColumns }: Problem): boolean {
  return a.width === "f32" || b.width === "f32" || !alignedColumns;
}

/** Whether a device can compute a contraction by a variant. */
export function fits(device: Device, contraction: Contraction, { schedule, splits }: Variant): boolean {
  if (schedule.shape === "winograd") return canUseWinograd(device, contraction, schedule.side);
  const { problem, columns } = contraction;
  const { loopIterations } = device.capabilities;
  const least = leastSplits(contraction, schedule, loopIterations);
  if (splits < least || (splits > 1 && !canCut(device, contraction, splits))) return false;
  if (contractionIterations(problem, schedule, partLength(problem.length, splits)) > loopIterations) {
    return false;
  }
  if (schedule.shape === "wide" && isUnaligned(problem)) {
    if (schedule.rows > (schedule.share ? MAX_SINGLE_ROWS : MAX_SINGLE_ROWS_ALONE)) return false;
  }
  if (schedule.shape === "thin" && (columns > 4 || problem.a.along !== "depth")) return false;
  return runs(device, schedule);
}

/** Whether the runs of a sum can be cut into so many parts, whose sums, `size` each, fit a binding together. */
export function canCut(
  { adapter }: Device,
  { problem, splittable = false, output }: Pick<Contraction, "problem" | "splittable" | "output">,
  splits: number,
  size = output.size,
): boolean {
  return splittable && splits <= problem.length / 4 &&
    splits * size * BYTES_PER_ELEMENT.f32 <= adapter.limits.maxStorageBufferBindingSize;
}

/** Whether a device has what a schedule needs. */
export function runs(device: Device, schedule: Variant["schedule"]): boolean {
  if (schedule.shape === "winograd") return true;
  const { adapter: { limits }, capabilities: { subgroupSize } } = device;
  const most = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  if (schedule.shape === "wide" && schedule.rows % 4 !== 0) return false;
  if (schedule.shape !== "tiled") {
    return schedule.lanes * schedule.groups <= most && (!schedule.share || schedule.lanes === subgroupSize);
  }
  const threads = tiledThreads(schedule);
  return Number.isInteger(threads) && schedule.rows % (4 * schedule.rowQuads) === 0 &&
    canShareLoads(schedule) &&
    threads <= most && tiledBytes(schedule) <= limits.maxComputeWorkgroupStorageSize;
}
