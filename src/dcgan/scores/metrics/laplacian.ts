import { permuted, randomBits } from "../../../gpu/mod.ts";
import { METRIC_STREAMS } from "./draws.ts";
import { checkFeatures, type Features } from "./features.ts";
import { randomDirections, slicedWasserstein } from "./sliced_wasserstein.ts";

const TASK = "compare Laplacian pyramids";
/** Side of a patch. */
const PATCH = 7;
/** A level whose sides would be shorter is not made. */
const SMALLEST = 16;
/** Burt and Adelson's filter. */
const FILTER = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;

/** Pictures of one size: `data` is `[count, height, width, channels]`. */
export interface Pictures {
  /** Pixels, row by row, channels last, on any scale. */
  readonly data: Float32Array | Float64Array | Uint8Array;
  /** How many. */
  readonly count: number;
  /** Rows of each. */
  readonly height: number;
  /** Columns of each. */
  readonly width: number;
  /** Numbers a pixel. */
  readonly channels: number;
}

/** Patches of one level, a row each. */
type Patches = Features & { readonly data: Float32Array };

/** How pyramids are compared. */
export interface PyramidOptions {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /**
   * Patches of each level that are compared, over all images.
   *
   * @default {16384}
   */
  readonly patches?: number;
  /**
   * Directions that they are projected on.
   *
   * @default {128}
   */
  readonly projections?: number;
  /**
   * What patches are divided by. `each`: each channel of each level by its own deviation over all patches of
   * its set, after its mean is taken off, as in the paper: a fault counts as much in a level that is hardly
   * seen as in others. `whole`: all levels of both sets by one number, the deviation of the real images' last
   * level: levels count as much as they are seen.
   *
   * @default {"each"}
   */
  readonly scale?: PyramidScale;
}

/** What the patches of a pyramid are divided by. */
export type PyramidScale = "each" | "whole";

/**
 * Sliced Wasserstein distance of each level of Laplacian pyramids, the finest first (Karras et al. 2018,
 * "Progressive Growing of GANs", 5): how far patches of 7x7 pixels differ in each band of frequencies. The
 * last level holds the images themselves at their smallest, 16 to 31 pixels. A level is `x - up(down(x))`;
 * both directions filter by `[1, 4, 6, 4, 1] / 16` along each axis and mirror at the border. Patches have
 * mean 0 and deviation 1 in each channel, over all patches of their set, unless `scale` says otherwise. The
 * distance is `swd1` of {@linkcode slicedWasserstein}; the paper prints it times 1,000.
 *
 * Patches come from all pictures in turn, at places that a counted generator draws. Pyramids are made one
 * picture at a time: beside the patches, memory does not grow with the pictures. For an error bar, repeat it
 * with other seeds (projections and patches) or use `subsetErrors` (images).
 *
 * @throws {RangeError} if the sizes of images differ, a side is below 7, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const data = Float32Array.from({ length: 2 * 32 * 32 }, (_, index) => index * 37 % 11);
 * const pictures = { data, count: 2, height: 32, width: 32, channels: 1 };
 * assertEquals(pyramidDistances(pictures, pictures, { seed: 1, patches: 64, projections: 8 }), [0, 0]);
 * ```
 */
export function pyramidDistances(real: Pictures, fake: Pictures, options: PyramidOptions): number[] {
  const { scale = "each" } = options;
  return pyramidDistancesBy(real, fake, options, [scale])[0]!;
}

/** The same by several scales, with patches that are cut once. */
export function pyramidDistancesBy(
  real: Pictures,
  fake: Pictures,
  { seed, patches = 16384, projections = 128 }: Omit<PyramidOptions, "scale">,
  scales: readonly PyramidScale[],
): number[][] {
  const odd = scales.find((scale) => scale !== "each" && scale !== "whole");
  if (odd !== undefined) {
    throw new RangeError(`Cannot ${TASK}: scale must be "each" or "whole", found ${JSON.stringify(odd)}.`);
  }
  for (const [name, value] of Object.entries({ patches, projections })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`Cannot ${TASK}: ${name} must be 1 or more, found ${value}.`);
  }
  checkPictures(real, "the real images");
  checkPictures(fake, "the fake images");
  const size = ({ height, width, channels }: Pictures) => `${height}x${width}x${channels}`;
  if (size(real) !== size(fake)) {
    throw new RangeError(
      `Cannot ${TASK}: the fake images must be ${size(real)} like the real ones, found ${size(fake)}.`,
    );
  }
  const cut = [real, fake].map((set) => cutPatches(set, patches, seed));
  const directions = randomDirections(projections, PATCH * PATCH * real.channels, { seed });
  return scales.map((scale) => {
    const [reals, fakes] = cut.map((levels) =>
      levels.map((level) => ({ ...level, data: level.data.slice() }))
    ) as [Patches[], Patches[]];
    if (scale === "whole") scaleAll([reals, fakes], real.channels);
    else for (const set of [reals, fakes]) normalizeEach(set, real.channels);
    return reals.map((level, index) => slicedWasserstein(level, fakes[index]!, directions).swd1);
  });
}

/**
 * The levels of images' Laplacian pyramids, the finest first; see {@linkcode pyramidDistances}. Levels are
 * made as long as both sides are even and their halves 16 or more.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = new Float32Array(32 * 32).fill(0.5);
 * const [fine, coarse] = laplacianPyramid({ data, count: 1, height: 32, width: 32, channels: 1 });
 * assertAlmostEquals(fine!.data[0]!, 0);
 * assertAlmostEquals(coarse!.data[0]!, 0.5);
 * ```
 */
export function laplacianPyramid(pictures: Pictures): Pictures[] {
  const levels: Pictures[] = [];
  let level = pictures;
  while ([level.height, level.width].every((side) => side % 2 === 0 && side / 2 >= SMALLEST)) {
    const half = resample(resample(level, "down", "height"), "down", "width");
    const again = resample(resample(half, "up", "height"), "up", "width");
    const data = new Float32Array(level.data.length);
    for (let i = 0; i < data.length; i++) data[i] = level.data[i]! - again.data[i]!;
    levels.push({ ...level, data });
    level = half;
  }
  levels.push(level);
  return levels;
}

/** Filters along one axis, to half of its pixels or twice as many. */
function resample(pictures: Pictures, way: "down" | "up", axis: "height" | "width"): Pictures {
  const { data, count, height, width, channels } = pictures;
  const before = pictures[axis];
  const after = way === "down" ? before / 2 : before * 2;
  const inner = axis === "height" ? width * channels : channels;
  const outer = count * (axis === "height" ? 1 : height);
  const result = new Float32Array(outer * after * inner);
  const length = way === "down" ? before : after;
  for (let o = 0; o < outer; o++) {
    for (let to = 0; to < after; to++) {
      const start = (o * after + to) * inner;
      for (let tap = 0; tap < 5; tap++) {
        const at = mirror((way === "down" ? 2 * to : to) + tap - 2, length);
        // Going up, every other pixel is 0 before filtering, and so the rest count twice.
        if (way === "up" && at % 2 === 1) continue;
        const weight = FILTER[tap]! * (way === "up" ? 2 : 1);
        const from = (o * before + (way === "up" ? at / 2 : at)) * inner;
        for (let i = 0; i < inner; i++) result[start + i]! += weight * data[from + i]!;
      }
    }
  }
  return { ...pictures, data: result, [axis]: after };
}

/** Mirrors a place past a border at the pixel there. */
function mirror(at: number, length: number): number {
  if (at < 0) return -at;
  return at >= length ? 2 * length - 2 - at : at;
}

/** Patches of each level, the finest first: `[patches, 7 * 7 * channels]`. */
function cutPatches(pictures: Pictures, patches: number, seed: number): Patches[] {
  const { count, channels } = pictures;
  const levels: Patches[] = [];
  for (let turn = 0; turn < Math.min(count, patches); turn++) {
    const pyramid = laplacianPyramid(onePicture(pictures, permuted(turn, count, { seed })));
    for (const [index, level] of pyramid.entries()) {
      const cut = levels[index] ??= noPatches(patches, PATCH * PATCH * channels);
      for (let patch = turn; patch < patches; patch += count) cutPatch(level, cut, patch, seed, index);
    }
  }
  return levels;
}

function noPatches(count: number, dimensions: number): Patches {
  return { data: new Float32Array(count * dimensions), count, dimensions };
}

function onePicture(pictures: Pictures, index: number): Pictures {
  const { data, height, width, channels } = pictures;
  const each = height * width * channels;
  return { ...pictures, data: data.subarray(index * each, (index + 1) * each), count: 1 };
}

/** Cuts one patch from a level of one picture, at a place that its number draws. */
function cutPatch(level: Pictures, cut: Features, patch: number, seed: number, index: number): void {
  const { data, height, width, channels } = level;
  const place = (at: number, range: number) =>
    Math.floor(randomBits(seed, METRIC_STREAMS.patches, index, at) / 2 ** 32 * range);
  const top = place(2 * patch, height - PATCH + 1);
  const left = place(2 * patch + 1, width - PATCH + 1);
  const row = PATCH * channels;
  for (let y = 0; y < PATCH; y++) {
    const from = ((top + y) * width + left) * channels;
    cut.data.set(data.subarray(from, from + row), patch * cut.dimensions + y * row);
  }
}

/** Gives each channel of each level mean 0 and deviation 1. */
function normalizeEach(levels: readonly Patches[], channels: number): void {
  for (const { data } of levels) {
    for (let channel = 0; channel < channels; channel++) {
      const { mean, deviation } = momentsOf(data, channel, channels);
      for (let at = channel; at < data.length; at += channels) data[at] = (data[at]! - mean) / deviation;
    }
  }
}

/** Divides both sets by the mean deviation of the channels of the first set's last level. */
function scaleAll([reals, fakes]: readonly [Patches[], Patches[]], channels: number): void {
  const whole = reals.at(-1)!.data;
  let deviation = 0;
  for (let channel = 0; channel < channels; channel++) {
    deviation += momentsOf(whole, channel, channels).deviation / channels;
  }
  for (const { data } of [...reals, ...fakes]) {
    for (let at = 0; at < data.length; at++) data[at]! /= deviation;
  }
}

/** Mean and deviation of each `step`-th value. */
function momentsOf(values: Float32Array, first: number, step: number): { mean: number; deviation: number } {
  const count = values.length / step;
  let [mean, squares] = [0, 0];
  for (let at = first; at < values.length; at += step) mean += values[at]! / count;
  for (let at = first; at < values.length; at += step) squares += (values[at]! - mean) ** 2;
  // A channel without any change has no deviation to divide by.
  return { mean, deviation: Math.sqrt(squares / count) || 1 };
}

function checkPictures({ data, count, height, width, channels }: Pictures, name: string): void {
  for (const [side, value] of Object.entries({ height, width })) {
    if (Number.isInteger(value) && value >= PATCH) continue;
    throw new RangeError(`Cannot ${TASK}: the ${side} of ${name} must be ${PATCH} or more, found ${value}.`);
  }
  checkFeatures({ data, count, dimensions: height * width * channels }, { task: TASK, name });
}
