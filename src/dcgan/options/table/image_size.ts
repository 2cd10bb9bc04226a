import * as v from "valibot";
import {
  type ImageSides,
  type ImageSize,
  imageSizeOf,
  parseSize,
  sidesOf,
  sizeText,
} from "../../../pictures/image_size.ts";
import { BASES, basesOf, doublingsOf } from "../../networks/architecture.ts";
import type { ConfigIssue } from "../config_issue.ts";
import type { OptionKind } from "../option.ts";
import type { TrainOptions } from "../options.ts";

export { type ImageSize, parseSize, sidesOf, sizeText } from "../../../pictures/image_size.ts";

/** Size of the images of a run that does not say one. */
export const USUAL_SIZE = 64;

/** Feature maps of a run that does not say how many. */
const USUAL_MAPS = 64;

/** Sides that images may have. */
const SIDES = { least: 8, most: 512 } as const;

/** How many times the shorter side the longer one may be. */
const MOST_RATIO = 4;

/** Shorter sides of the smallest maps of a size that needs no base. */
const BASES_BY_THEMSELVES = [4, 5, 6, 7] as const;

/** What doublings multiply sides by. */
const FACTORS = [2, 4, 8, 16, 32, 64, 128] as const;

/** What a size is before any of its rules. */
const READABLE = 'a number of pixels such as 64, or width and height such as "64x48"';

/** Width and height of images. */
export function imageSize(): OptionKind<ImageSize> {
  return {
    allowed: READABLE,
    broken: brokenRule,
    schema: v.custom<ImageSize>((value) => brokenRule(value) === undefined),
    nearest: (value) => nearestSizes(value)?.join(" and "),
    fromText: (text) => parseSize(text.trim()) ?? text,
  };
}

/**
 * The first rule of sizes that a value breaks, to end the sentence "must be ..."; undefined if it keeps all.
 */
function brokenRule(value: unknown): string | undefined {
  const size = parseSize(value);
  if (size === undefined) return READABLE;
  if (size !== value) return brokenRule(size) ?? `written as ${JSON.stringify(size)}`;
  const { width, height } = sidesOf(size);
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  if (shorter < SIDES.least) return `at least ${SIDES.least} pixels on each side`;
  if (longer > SIDES.most) return `at most ${SIDES.most} pixels on each side`;
  if (longer > MOST_RATIO * shorter) {
    const [more, less] = width > height ? ["wide", "high"] : ["high", "wide"];
    return `at most ${MOST_RATIO} times as ${more} as ${less}`;
  }
  if (basesOf(size).length > 0) return undefined;
  if (width % 2 + height % 2 > 0) return "even on each side, as each layer halves the image";
  let [ends, factor] = [size, 2];
  for (; width % factor === 0 && height % factor === 0; factor *= 2) {
    ends = imageSizeOf({ width: width / factor, height: height / factor });
  }
  return `a size that halves, both sides whole, until the shorter one is ${BASES.most} or less (this one ends at ${
    sizeText(ends)
  })`;
}

/** Sizes of square images that need no base. */
const EDGES = BASES_BY_THEMSELVES.flatMap((base) => FACTORS.map((factor) => base * factor))
  .filter((edge) => edge >= SIDES.least && edge <= SIDES.most).sort((a, b) => a - b);

/** Two sizes near one that is not allowed, or not without a base, that need none. */
function nearestSizes(value: unknown): ImageSize[] | undefined {
  const size = parseSize(value);
  if (size === undefined || (size !== value && brokenRule(size) === undefined)) return undefined;
  const { width, height } = sidesOf(size);
  if (width === height) {
    return [EDGES.findLast((edge) => edge < width), EDGES.find((edge) => edge > width)]
      .filter((edge) => edge !== undefined);
  }
  return usualSizes()
    .map((one) => ({ size: imageSizeOf(one), distance: distanceOf(one, { width, height }) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2).map((one) => one.size);
}

/** Sizes of images that need no base. */
function usualSizes(): ImageSides[] {
  return BASES_BY_THEMSELVES.flatMap((base) =>
    FACTORS.flatMap((factor) => {
      const shorter = base * factor;
      const most = Math.min(SIDES.most, MOST_RATIO * shorter);
      const count = Math.max(0, 1 + Math.floor((most - shorter) / factor));
      return Array.from({ length: count }, (_, at) => shorter + at * factor)
        .flatMap((longer) => [{ width: longer, height: shorter }, { width: shorter, height: longer }]);
    })
  );
}

/** How far apart two sizes are: by what factor each side changes, and above all the shape. */
function distanceOf(one: ImageSides, other: ImageSides): number {
  const [across, down] = [Math.log(one.width / other.width), Math.log(one.height / other.height)];
  return Math.abs(across) + Math.abs(down) + 2 * Math.abs(across - down);
}

/**
 * A size that is not reached from maps of its base.
 */
export function baseIssues({ size = USUAL_SIZE, base }: Pick<TrainOptions, "size" | "base">): ConfigIssue[] {
  if (brokenRule(size) !== undefined) return [];
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
    const near = nearestSizes(size)?.join(" and ");
    const problem = `must have a shorter side that is 4, 5, 6 or 7 doubled, found ${size}: give "base" ` +
      `${listed(bases)}${near ? `, or another size; nearest: ${near}` : ""}`;
    return [{ option: "size", problem }];
  }
}

/** Fewer maps at most than there are in the first place. */
export function maxMapsIssues({ maxMaps, ngf, ndf, ...rest }: TrainOptions): ConfigIssue[] {
  if (maxMaps === undefined) return [];
  const isOpen = rest.resume !== undefined || rest.from !== undefined || rest.preset === "auto";
  const least = Math.max(ngf ?? (isOpen ? 1 : USUAL_MAPS), ndf ?? (isOpen ? 1 : USUAL_MAPS));
  if (maxMaps >= least) return [];
  const problem = `must be at least "ngf" and "ndf", ${least}, found ${maxMaps}`;
  return [{ option: "maxMaps", problem }];
}

function listed(bases: readonly number[]): string {
  const last = bases.at(-1);
  return bases.length < 2 ? `${last}` : `${bases.slice(0, -1).join(", ")} or ${last}`;
}
