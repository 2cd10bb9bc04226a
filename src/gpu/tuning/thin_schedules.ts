import type { Schedule } from "../contraction/kernels/schedule.ts";
import type { Device } from "../device/device.ts";

/** Threads of the largest subgroups that share operands: larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 32;

/** Threads of a subgroup that can share operands; undefined if there are none, or too many. */
export function sharingLanes({ capabilities: { subgroupSize } }: Device): number | undefined {
  return subgroupSize > 0 && subgroupSize <= MAX_SHARING_LANES ? subgroupSize : undefined;
}

/** For at most four columns. */
export function thinSchedules(device: Device): Schedule[] {
  const lanes = sharingLanes(device);
  return [1, 2, 4].flatMap((rows): Schedule[] => [
    { shape: "thin", rows, vectors: 1, lanes: 32, share: false, groups: 2 },
    ...(lanes === undefined
      ? []
      : [{ shape: "thin", rows, vectors: 1, lanes, share: true, groups: 1 } as const]),
  ]);
}
