import type { Device } from "../../device/device.ts";
import type { RegisterSchedule, Schedule } from "../kernels/schedule.ts";
import type { Contraction } from "../sums/contraction.ts";
import { type Card, cardOf } from "./card.ts";
import { cyclesOf } from "./cost.ts";
import { canCut, runs } from "./runs_on.ts";
import { MOST_IMAGES, ofSamples, USUAL_IMAGES } from "./usual_batch.ts";
import type { KernelVariant } from "./variant.ts";

/** For at most four columns. */
const THIN: RegisterSchedule = { shape: "thin", rows: 2, vectors: 1, lanes: 32, share: false, groups: 2 };

/** Parts that a sum may be cut into, to fill a card, besides a single one. */
const SPLITS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

/**
 * The variant of a contraction on a graphics card: the tile and the number of parts that are the fastest together by an
 * estimate. A card has thousands of lanes, which a thread for each few sums of a small batch does not fill.
 *
 * @param fixedBatch The batch is always this one. Else the parts are those that suit a usual one, since they decide
 * the order of the sums, and what is computed of a sample must not depend on how many there are. Tiles decide nothing.
 */
export function variantOnCard(device: Device, contraction: Contraction, fixedBatch: boolean): KernelVariant {
  const { samples } = contraction;
  if (fixedBatch || samples === undefined) {
    return cheapest(device, contraction, possibleSplits(device, contraction, contraction.output.size));
  }
  const { rows } = ofSamples(contraction, USUAL_IMAGES);
  const { size } = ofSamples(contraction, Math.max(samples, MOST_IMAGES));
  const { splits } = cheapest(device, { ...contraction, rows }, possibleSplits(device, contraction, size));
  return cheapest(device, contraction, [splits]);
}

/** In how many parts a sum can be computed, if its output has so many elements. */
function possibleSplits(device: Device, contraction: Contraction, size: number): number[] {
  return [1, ...SPLITS.filter((splits) => canCut(device, contraction, splits, size))];
}

/** The variant with the least cycles. */
function cheapest(
  device: Device,
  contraction: Contraction,
  allowed: readonly number[],
): KernelVariant {
  const card = cardOf(device.adapter);
  const schedules = schedulesFor(card, contraction).filter((schedule) => runs(device, schedule));
  const variants = allowed.flatMap((splits) =>
    schedules.map((schedule): KernelVariant => ({ schedule, splits }))
  );
  const cycles = variants.map(({ schedule, splits }) => cyclesOf(card, contraction, schedule, splits));
  return variants[cycles.indexOf(Math.min(...cycles))]!;
}

/** The schedules among which to choose. */
function schedulesFor(card: Card, { problem, columns, direction }: Contraction): readonly Schedule[] {
  if (columns <= 4 && problem.a.along === "depth") return [THIN];
  return direction === "input gradient" ? card.inputGradientTiles ?? card.tiles : card.tiles;
}
