import * as v from "valibot";
import { type ImageSize, parseSize, sidesOf, sizeText } from "../../../pictures/mod.ts";
import { BASES, basesOf, doublingsOf } from "../../networks/architecture.ts";
import type { ConfigIssue } from "../config_issue.ts";
import type { OptionKind } from "../option.ts";
import type { TrainOptions } from "../options.ts";

export { type ImageSize, parseSize, sidesOf, sizeText } from "../../../pictures/mod.ts";

/** Size of the images of a run that does not say one. */
export const USUAL_SIZE = 64;

/** Feature maps of a run that does not say how many. */
const USUAL_MAPS = 64;

/** Sides that images may have. */
const SIDES = { least: 8, most: 512 } as const;

/** How many times the shorter side the longer one may be. */
const MOST_RATIO = 4;

/** Width and height of images. */
export function imageSize(): OptionKind<ImageSize> {
  return {
    allowed:
      `4, 5, 6 or 7 doubled, such as 64 or "64x48", or a number up to ${BASES.most} given as "base"; ` +
      `sides are from ${SIDES.least} to ${SIDES.most}, and at most ${MOST_RATIO} to 1`,
    schema: v.custom<ImageSize>(isSize),
    nearest: nearestSizes,
    fromText: (text) => parseSize(text.trim()) ?? text,
  };
}

/** Whether images of a size can be made, from maps of any base. */
function isSize(value: unknown): value is ImageSize {
  const size = parseSize(value);
  // One way to write each size
  if (size === undefined || size !== value) return false;
  const { width, height } = sidesOf(size);
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return shorter >= SIDES.least && longer <= SIDES.most && longer <= MOST_RATIO * shorter &&
    basesOf(size).length > 0;
}

/** The sizes of usual bases next to one that is none; of one that is written in another way, how to write it. */
function nearestSizes(value: unknown): string | undefined {
  const size = parseSize(value);
  if (size === undefined) return undefined;
  if (size !== value && isSize(size)) return `${size}`;
  const { width, height } = sidesOf(size);
  const edges = [4, 5, 6, 7].flatMap((base) => [2, 4, 8, 16, 32, 64, 128].map((factor) => base * factor))
    .filter((edge) => edge <= SIDES.most).sort((a, b) => a - b);
  if (width !== height) return undefined;
  const near = [edges.findLast((edge) => edge < width), edges.find((edge) => edge > width)];
  return near.filter((edge) => edge !== undefined).join(" and ");
}

/**
 * A size that is not reached from maps of its base.
 */
export function baseIssues({ size = USUAL_SIZE, base }: Pick<TrainOptions, "size" | "base">): ConfigIssue[] {
  if (!isSize(size)) return [];
  const bases = basesOf(size);
  if (base !== undefined) {
    if (bases.includes(base)) return [];
    const problem =
      `must be ${listed(bases)} for images of ${sizeText(size)}, found ${base}: it doubles to ` +
      "the shorter side";
    return [{ option: "base", problem }];
  }
  try {
    doublingsOf({ size });
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const near = nearestSizes(size);
    const problem = `must have a shorter side that is 4, 5, 6 or 7 doubled, found ${size}: give "base" ` +
      `${listed(bases)}${near ? `, or another size; nearest: ${near}` : ""}`;
    return [{ option: "size", problem }];
  }
}

/** Fewer maps at most than there are in the first place. */
export function maxMapsIssues({ maxMaps, ngf, ndf, ...rest }: TrainOptions): ConfigIssue[] {
  if (maxMaps === undefined) return [];
  const isOpen = rest.resume !== undefined || rest.preset === "auto";
  const least = Math.max(ngf ?? (isOpen ? 1 : USUAL_MAPS), ndf ?? (isOpen ? 1 : USUAL_MAPS));
  if (maxMaps >= least) return [];
  const problem = `must be at least "ngf" and "ndf", ${least}, found ${maxMaps}`;
  return [{ option: "maxMaps", problem }];
}

function listed(bases: readonly number[]): string {
  const last = bases.at(-1);
  return bases.length < 2 ? `${last}` : `${bases.slice(0, -1).join(", ")} or ${last}`;
}
