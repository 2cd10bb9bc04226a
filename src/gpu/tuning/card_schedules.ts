import type { Contraction } from "../contraction/sums/contraction.ts";
import type { Schedule, TiledSchedule } from "../contraction/kernels/schedule.ts";
import type { Device } from "../device/device.ts";
import { type Family, familyOf } from "../device/family.ts";
import { sharingLanes, thinSchedules } from "./thin_schedules.ts";

/** Tiles in workgroup memory: rows, columns, depth, and the rows and columns of a thread in fours. */
const TILES = [
  [32, 32, 8, 1, 1],
  [32, 32, 16, 1, 1],
  [32, 64, 16, 1, 1],
  [64, 32, 16, 1, 1],
  [64, 64, 16, 1, 1],
  [32, 64, 8, 1, 2],
  [32, 64, 16, 1, 2],
  [64, 64, 8, 1, 2],
  [64, 64, 16, 1, 2],
  [64, 64, 8, 2, 1],
  [64, 64, 16, 2, 1],
  [64, 64, 8, 2, 2],
  [64, 64, 16, 2, 2],
  [128, 64, 8, 2, 2],
  [128, 64, 16, 2, 2],
  [64, 128, 8, 2, 2],
  [128, 128, 8, 2, 2],
  [128, 128, 16, 2, 2],
] as const;

/**
 * Depth of tiles that are also tried in half of the memory: on Metal, which clears the memory of each workgroup by one
 * thread, and has room for few workgroups with much of it.
 */
const SINGLE_BUFFER_DEPTH = 16;

/** Sums of a thread without workgroup memory, which is the faster way on Apple's cards: rows, and columns in fours. */
const REGISTERS = [[4, 1], [4, 2], [8, 1], [8, 2], [16, 1]] as const;

/** Tiles of 32x32 to 128x128 with 4x4 to 8x8 sums a thread, the same in registers alone, and shared in subgroups. */
export function cardSchedules(device: Device, contraction?: Pick<Contraction, "direction">): Schedule[] {
  const lanes = sharingLanes(device);
  const tiles = TILES.map(([rows, columns, depth, rowQuads, columnQuads]): TiledSchedule => ({
    shape: "tiled",
    rows,
    columns,
    depth,
    rowQuads,
    columnQuads,
  }));
  const onMetal = contraction === undefined || familyOf(device.adapter) === "apple";
  const alone = { shape: "wide", lanes: 16, share: false, groups: 4 } as const;
  const schedules: Schedule[] = [
    ...thinSchedules(device),
    ...tiles,
    ...(onMetal ? tiles.filter(({ depth }) => depth === SINGLE_BUFFER_DEPTH) : [])
      .map((tile): TiledSchedule => ({ ...tile, singleBuffer: true })),
    ...REGISTERS.map(([rows, vectors]): Schedule => ({ ...alone, rows, vectors })),
    ...(lanes === undefined
      ? []
      : [8, 16, 32].flatMap((rows) =>
        [1, 4].map((groups): Schedule => ({ shape: "wide", rows, vectors: 1, lanes, share: true, groups }))
      )),
  ];
  return contraction
    ? schedules.filter((schedule) => hasRegisters(device, contraction, schedule))
    : schedules;
}

/**
 * Sums of a thread for which compilers have registers, from the statistics of Mesa's for Intel's and AMD's cards: with more,
 * they keep some in memory, and Intel's takes a second and longer to compile. Convolutions also keep what they load pictures
 * by: the input gradient most, and more if every thread loads its own operands.
 */
const MOST_SUMS: Partial<Record<Family, { most: number; inputGradient: number; alone: number }>> = {
  intel: { most: 32, inputGradient: 16, alone: 16 },
  amd: { most: Infinity, inputGradient: Infinity, alone: 32 },
};

/** Whether threads have registers for a schedule, as far as is known. */
function hasRegisters(
  { adapter }: Device,
  { direction }: Pick<Contraction, "direction">,
  schedule: Schedule,
): boolean {
  const limits = MOST_SUMS[familyOf(adapter)];
  if (!limits) return true;
  const isAlone = schedule.shape === "wide" && !schedule.share;
  const seesPictures = direction === "forward" || direction === "input gradient";
  return sumsOf(schedule) <= Math.min(
    limits.most,
    direction === "input gradient" ? limits.inputGradient : Infinity,
    seesPictures && isAlone ? limits.alone : Infinity,
  );
}

/** Sums of one thread. */
function sumsOf(schedule: Schedule): number {
  return schedule.shape === "tiled"
    ? 16 * schedule.rowQuads * schedule.columnQuads
    : schedule.rows * schedule.vectors * 4;
}
