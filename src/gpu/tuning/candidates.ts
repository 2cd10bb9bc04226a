import {
  defaultKernel,
  defaultVariant,
  registersOf,
  SMALL,
} from "../contraction/variants/default_variant.ts";
import type { Contraction } from "../contraction/sums/contraction.ts";
import { fits, runs } from "../contraction/variants/runs_on.ts";
import { leastSplits } from "../contraction/kernels/loops.ts";
import { type Schedule, tileOf } from "../contraction/kernels/schedule.ts";
import { formatVariant, type Variant, WINOGRAD_VARIANTS } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";

/** Threads of the largest subgroups that share operands: larger ones would unroll to too much text. */
const MAX_SHARING_LANES = 32;

/** How much larger than the output a tile may be: more would be wasted. */
const MAX_WASTE = 2;

type Sizes = Pick<Contraction, "rows" | "columns" | "depth" | "phases">;

/** The variants worth trying for a contraction on a device; the default is the first. */
export function candidatesFor(device: Device, contraction: Contraction): Variant[] {
  const standard = defaultKernel(device, contraction);
  const schedules = device.adapter.software
    ? softwareSchedules(device, contraction)
    : hardwareSchedules(device);
  const candidates = schedules
    .filter((schedule) => suits(schedule, contraction))
    .map((schedule) => ({
      schedule,
      splits: Math.max(
        standard.splits,
        leastSplits(contraction, schedule, device.capabilities.loopIterations),
      ),
    }));
  return distinct([
    defaultVariant(device, contraction),
    standard,
    ...[...candidates, ...WINOGRAD_VARIANTS].filter((variant) => fits(device, contraction, variant)),
  ]);
}

/** Every variant that is tried on any adapter, if this device can run it. */
export function everyVariant(device: Device): Variant[] {
  const large = { rows: 2 ** 20, columns: 2 ** 10, depth: 2 ** 10 };
  const schedules = [
    ...softwareSchedules(device, large),
    ...softwareSchedules(device, { ...large, rows: 1, columns: 1 }),
    ...hardwareSchedules(device),
  ].flatMap(eitherOrder);
  const once = schedules.map((schedule) => ({ schedule, splits: 1 }));
  const inParts = once.slice(-2).map((variant) => ({ ...variant, splits: 3 }));
  return distinct([...once, ...inParts, ...WINOGRAD_VARIANTS]).filter(({ schedule }) =>
    runs(device, schedule)
  );
}

/** A schedule with its sums in either order, if it has one. */
function eitherOrder(schedule: Schedule): Schedule[] {
  if (schedule.shape !== "wide") return [schedule];
  const { singly: _singly, ...others } = schedule;
  return [others, { ...others, singly: true }];
}

/** The same schedule with the depth cut into other numbers of parts. */
export function otherSplits(
  device: Device,
  contraction: Contraction,
  { schedule, splits }: Variant,
): Variant[] {
  if (schedule.shape === "winograd") return [];
  const numbers = [1, splits / 2, splits * 2, splits * 4].map((number) => Math.max(1, Math.round(number)));
  return distinct(numbers.map((number) => ({ schedule, splits: number })))
    .filter((variant) => variant.splits !== splits && fits(device, contraction, variant));
}

/**
 * Whether a variant is one that the tuner may choose for a contraction on a device, and so one that compiles in time.
 */
export function isCandidate(device: Device, contraction: Contraction, variant: Variant): boolean {
  const [wanted, schedule] = [formatVariant(variant), scheduleText(variant)];
  return candidatesFor(device, contraction)
    .filter((candidate) => scheduleText(candidate) === schedule)
    .flatMap((candidate) => [candidate, ...otherSplits(device, contraction, candidate)])
    .some((candidate) => formatVariant(candidate) === wanted);
}

function scheduleText({ schedule }: Variant): string {
  return formatVariant({ schedule, splits: 1 });
}

function distinct(variants: readonly Variant[]): Variant[] {
  return [...new Map(variants.map((variant) => [formatVariant(variant), variant])).values()];
}

function suits(schedule: Schedule, { rows, columns }: Contraction): boolean {
  const tile = tileOf(schedule);
  const least = schedule.shape === "tiled" ? 4 : 8;
  return (tile.rows <= Math.max(least, MAX_WASTE * rows)) && tile.columns < MAX_WASTE * columns + 32;
}

/** Registers, and subgroups if they are narrow. Compiling a tall tile takes longer than a small sum ever saves. */
function softwareSchedules(device: Device, { rows, columns, depth, phases = 1 }: Sizes): Schedule[] {
  const lanes = device.capabilities.subgroupSize;
  const small = rows * columns * depth * phases < SMALL;
  const shared = lanes > 0 && lanes <= MAX_SHARING_LANES;
  const singly = registersOf(device).singly ? { singly: true } : {};
  const wide = (tall: number, vectors: number): Schedule =>
    shared
      ? { shape: "wide", rows: tall, vectors, lanes, share: true, groups: 1, ...singly }
      : { shape: "wide", rows: tall, vectors, lanes: 16, share: false, groups: 4 };
  const heights = small ? [8, 16] : shared ? [8, 16, 32, 48, 64] : [4, 8, 16];
  const widths = small ? [1] : lanes > 4 ? [1, 2] : [1, 2, 4];
  return [
    ...thinSchedules(lanes, shared),
    ...heights.flatMap((tall) => widths.map((vectors) => wide(tall, vectors))),
  ];
}

/** Tiles of 32x32 to 128x128 with 4x4 to 8x8 sums a thread, and registers shared in subgroups. */
function hardwareSchedules(device: Device): Schedule[] {
  const lanes = device.capabilities.subgroupSize;
  const shared = lanes > 0 && lanes <= MAX_SHARING_LANES;
  const tiles = [
    [32, 32, 16, 1, 1],
    [32, 64, 16, 1, 1],
    [64, 32, 16, 1, 1],
    [64, 64, 16, 1, 1],
    [64, 64, 16, 2, 1],
    [64, 64, 8, 2, 2],
    [64, 64, 16, 2, 2],
    [128, 64, 8, 2, 2],
    [128, 64, 16, 2, 2],
    [64, 128, 8, 2, 2],
    [128, 128, 8, 2, 2],
    [128, 128, 16, 2, 2],
  ] as const;
  return [
    ...thinSchedules(lanes, shared),
    ...tiles.map(([rows, columns, depth, rowQuads, columnQuads]): Schedule => ({
      shape: "tiled",
      rows,
      columns,
      depth,
      rowQuads,
      columnQuads,
    })),
    ...(shared
      ? [8, 16, 32].flatMap((rows) =>
        [1, 4].map((groups): Schedule => ({ shape: "wide", rows, vectors: 1, lanes, share: true, groups }))
      )
      : []),
    { shape: "wide", rows: 8, vectors: 1, lanes: 16, share: false, groups: 4 },
  ];
}

function thinSchedules(lanes: number, shared: boolean): Schedule[] {
  return [1, 2, 4].flatMap((rows): Schedule[] => [
    { shape: "thin", rows, vectors: 1, lanes: 32, share: false, groups: 2 },
    ...(shared ? [{ shape: "thin", rows, vectors: 1, lanes, share: true, groups: 1 } as const] : []),
  ]);
}
