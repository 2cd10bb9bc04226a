import { defaultKernel, defaultVariant } from "../contraction/variants/default_variant.ts";
import type { Contraction } from "../contraction/sums/contraction.ts";
import { fits, runs } from "../contraction/variants/runs_on.ts";
import { type Schedule, tileOf } from "../contraction/kernels/schedule.ts";
import { formatVariant, type Variant, WINOGRAD_VARIANTS } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { cardSchedules } from "./card_schedules.ts";
import { inParts } from "./in_parts.ts";
import { processorSchedules } from "./processor_schedules.ts";

/** How much larger than the output a tile may be: more would be wasted. */
const MAX_WASTE = 2;

/**
 * The variants worth trying for a contraction on a device: the default first, and those of one kernel, which differ in
 * parts alone, together.
 */
export function candidatesFor(device: Device, contraction: Contraction): Variant[] {
  const standard = defaultKernel(device, contraction);
  const schedules = device.adapter.software
    ? processorSchedules(device, contraction)
    : cardSchedules(device, contraction);
  const others = [
    ...inParts(device, contraction, standard.schedule),
    ...schedules.filter((schedule) => suits(schedule, contraction))
      .flatMap((schedule) => inParts(device, contraction, schedule)),
    ...WINOGRAD_VARIANTS,
  ].filter((variant) => fits(device, contraction, variant));
  return distinct([defaultVariant(device, contraction), standard, ...others]);
}

/** Every variant that is tried on any adapter, if this device can run it. */
export function everyVariant(device: Device): Variant[] {
  const large = { rows: 2 ** 20, columns: 2 ** 10, depth: 2 ** 10 };
  const schedules = [
    ...processorSchedules(device, large),
    ...processorSchedules(device, { ...large, rows: 1, columns: 1 }),
    ...cardSchedules(device),
  ].flatMap(eitherOrder);
  const once = schedules.map((schedule) => ({ schedule, splits: 1 }));
  const inThree = once.slice(-2).map((variant) => ({ ...variant, splits: 3 }));
  return distinct([...once, ...inThree, ...WINOGRAD_VARIANTS]).filter(({ schedule }) =>
    runs(device, schedule)
  );
}

/** A schedule with its sums in either order, if it has one. */
function eitherOrder(schedule: Schedule): Schedule[] {
  if (schedule.shape !== "wide") return [schedule];
  const { singly: _singly, ...others } = schedule;
  return [others, { ...others, singly: true }];
}

/** Parts that any default or tuner may have cut sums into. */
const MOST_SPLITS = 64;

/**
 * Whether a variant may be taken from a file for a contraction on a device: its kernel is one that the tuner may choose,
 * and so one that compiles in time. Into how many parts it cuts sums changes little, so other numbers are let through.
 */
export function isCandidate(device: Device, contraction: Contraction, variant: Variant): boolean {
  const kernel = kernelOf(variant);
  return variant.splits <= MOST_SPLITS && fits(device, contraction, variant) &&
    candidatesFor(device, contraction).some((candidate) => kernelOf(candidate) === kernel);
}

/** What variants of one kernel have in common: all but the number of parts. */
export function kernelOf({ schedule }: Variant): string {
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
