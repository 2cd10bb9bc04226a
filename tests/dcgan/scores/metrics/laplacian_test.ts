import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { laplacianPyramid, pyramidDistances } from "../../../../src/dcgan/scores/metrics/laplacian.ts";
import { METRIC_STREAMS } from "../../../../src/dcgan/scores/metrics/draws.ts";
import {
  randomDirections,
  slicedWasserstein,
} from "../../../../src/dcgan/scores/metrics/sliced_wasserstein.ts";
import { hostNormal, permuted, randomBits } from "../../../../src/gpu/mod.ts";

function pictures(count: number, height: number, width: number, channels: number, seed = 1) {
  return { data: hostNormal(count * height * width * channels, { seed }), count, height, width, channels };
}

Deno.test("levels halve as long as both sides stay even and at 16 or more", () => {
  const sides = (height: number, width: number) =>
    laplacianPyramid(pictures(1, height, width, 1)).map((level) => [level.height, level.width]);
  assertEquals(sides(64, 64), [[64, 64], [32, 32], [16, 16]]);
  assertEquals(sides(28, 28), [[28, 28]]);
  assertEquals(sides(32, 48), [[32, 48], [16, 24]]);
});

Deno.test("filters keep ramps and single pixels as Burt and Adelson's do", () => {
  const ramp = Float32Array.from(
    { length: 32 * 32 * 2 },
    (_, index) => index % 2 ? 0 : Math.floor(index / 2) % 32,
  );
  const [fine, coarse] = laplacianPyramid({ data: ramp, count: 1, height: 32, width: 32, channels: 2 });
  // Inside, a ramp is a ramp after filtering: nothing is left of it in the fine level.
  assertAlmostEquals(fine!.data[(10 * 32 + 12) * 2]!, 0, 1e-5);
  assertAlmostEquals(coarse!.data[(5 * 16 + 6) * 2]!, 12, 1e-5);
  assertEquals(coarse!.data[(5 * 16 + 6) * 2 + 1], 0);
  const point = new Float32Array(32 * 32);
  point[10 * 32 + 12] = 256;
  const [, half] = laplacianPyramid({ data: point, count: 1, height: 32, width: 32, channels: 1 });
  assertEquals([half!.data[5 * 16 + 6], half!.data[5 * 16 + 7], half!.data[4 * 16 + 5]], [36, 6, 1]);
  // The last column is mirrored at, not repeated.
  const edge = new Float32Array(32 * 32);
  edge[10 * 32 + 31] = 256;
  const [, side] = laplacianPyramid({ data: edge, count: 1, height: 32, width: 32, channels: 1 });
  assertEquals(side!.data[5 * 16 + 15], 24);
});

Deno.test("equal pictures are at 0; noise of another scale is not seen, stripes are", () => {
  const real = pictures(6, 32, 32, 3);
  const options = { seed: 1, patches: 2048, projections: 16 };
  assertEquals(pyramidDistances(real, real, options), [0, 0]);
  const scaled = { ...real, data: real.data.map((value) => value * 2) };
  for (const distance of pyramidDistances(real, scaled, options)) assertAlmostEquals(distance, 0, 1e-5);
  // Each column of a picture has one value in each channel.
  const striped = {
    ...real,
    data: real.data.map((_, index) => real.data[index - index % 3072 + index % 96]!),
  };
  const [fine] = pyramidDistances(real, striped, options);
  const [other] = pyramidDistances(real, pictures(6, 32, 32, 3, 2), options);
  assert(fine! > 2 * other!);
  assertEquals(pyramidDistances(real, striped, options)[0], fine);
});

Deno.test("with one scale for all levels, faults count by how much of a picture they are", () => {
  const options = { seed: 1, patches: 512, projections: 16, scale: "whole" } as const;
  const real = pictures(6, 32, 32, 1);
  assertEquals(pyramidDistances(real, real, options), [0, 0]);
  // Half a deviation off: the last level alone sees it, along a direction q by as much as |sum(q)|
  const [, coarse] = laplacianPyramid(real);
  const pixels = Array.from(coarse!.data);
  const mean = sumOf(pixels) / pixels.length;
  const variance = sumOf(pixels.map((value) => (value - mean) ** 2)) / pixels.length;
  const brighter = { ...real, data: real.data.map((value) => value + Math.sqrt(variance) / 2) };
  const [fine, shifted] = pyramidDistances(real, brighter, options);
  assertAlmostEquals(fine!, 0, 1e-5);
  const { data } = randomDirections(16, 49, { seed: 1 });
  const sums = Array.from(
    { length: 16 },
    (_, row) => Math.abs(sumOf(data.subarray(row * 49, (row + 1) * 49))),
  );
  // Patches at random places have another deviation than all pixels
  assertAlmostEquals(shifted! / (sumOf(sums) / 16 / 2), 1, 0.1);
  assertAlmostEquals(pyramidDistances(real, brighter, { ...options, scale: "each" })[1]!, 0, 1e-5);
  // A fine pattern a hundredth as strong counts a hundredth, but is all the same if each level is scaled
  const flat = { ...real, data: real.data.map((_, at) => Math.floor(at / 1024)) };
  const dotted = (strength: number) => ({
    ...flat,
    data: flat.data.map((value, at) => value + strength * (at % 2)),
  });
  const found = (scale: "each" | "whole", strength: number) =>
    pyramidDistances(flat, dotted(strength), { ...options, scale })[0]!;
  assertAlmostEquals(found("whole", 1) / found("whole", 0.01), 100, 1);
  assertAlmostEquals(found("each", 1) / found("each", 0.01), 1, 0.01);
});

function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

/** Patches of one level of all pictures, cut from the levels of all at once. */
function patchesOf(set: ReturnType<typeof pictures>, index: number, count: number, seed: number) {
  const level = laplacianPyramid(set)[index]!;
  const draw = (at: number, range: number) =>
    Math.floor(randomBits(seed, METRIC_STREAMS.patches, index, at) / 2 ** 32 * range);
  const rows = Array.from({ length: count }, (_, patch) => {
    const first = permuted(patch % set.count, set.count, { seed }) * level.height;
    const [top, left] = [draw(2 * patch, level.height - 6), draw(2 * patch + 1, level.width - 6)];
    return Array.from({ length: 49 }, (_, at) => {
      const [y, x] = [first + top + Math.floor(at / 7), left + at % 7];
      return level.data[y * level.width + x]!;
    });
  });
  const all = rows.flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { data: Float32Array.from(all, (value) => (value - mean) / deviation), count, dimensions: 49 };
}

Deno.test("pictures one at a time give what all at once give, with more or fewer patches than pictures", () => {
  const [real, fake] = [pictures(9, 32, 32, 1), pictures(5, 32, 32, 1, 2)];
  for (const patches of [4, 7, 40]) {
    const directions = randomDirections(8, 49, { seed: 3 });
    const found = pyramidDistances(real, fake, { seed: 3, patches, projections: 8 });
    for (const [index, distance] of found.entries()) {
      const [a, b] = [real, fake].map((set) => patchesOf(set, index, patches, 3));
      assertAlmostEquals(distance, slicedWasserstein(a!, b!, directions).swd1, 1e-6);
    }
  }
});

Deno.test("other sizes, small pictures and NaN are refused", () => {
  const real = pictures(2, 16, 16, 1);
  const start = "Cannot compare Laplacian pyramids: ";
  const refuse = (fake: typeof real, message: string, options = {}) =>
    assertThrows(() => pyramidDistances(real, fake, { seed: 1, ...options }), RangeError, start + message);
  refuse(pictures(2, 16, 8, 1), "the fake images must be 16x16x1 like the real ones, found 16x8x1.");
  refuse(pictures(2, 16, 6, 1), "the width of the fake images must be 7 or more, found 6.");
  refuse({ ...real, data: new Float32Array(512).fill(NaN) }, "the fake images must be finite, found NaN");
  refuse(real, "patches must be 1 or more, found 0.", { patches: 0 });
  refuse(real, 'scale must be "each" or "whole", found "own".', { scale: "own" });
});
