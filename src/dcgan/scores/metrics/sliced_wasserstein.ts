import { hostNormal } from "../../../gpu/mod.ts";
import { METRIC_STREAMS } from "./draws.ts";
import { checkFeatures, checkPair, type Features } from "./features.ts";
import { eachProductBlock } from "./product_blocks.ts";
import { sortNumbers } from "./sort_numbers.ts";

/** Directions that both sets are projected on at a time: all that is held beside the sets. */
const GROUP = 32;
const TASK = "take a sliced Wasserstein distance";

/** Sliced Wasserstein distances, and those along each direction. */
export interface SlicedWasserstein {
  /** Mean over directions of the distance of order 1. */
  readonly swd1: number;
  /** Root of the mean over directions of the squared distance of order 2. */
  readonly swd2: number;
  /** Distance of order 1 along each direction. */
  readonly w1: Float64Array;
  /** Squared distance of order 2 along each direction. */
  readonly w2Squared: Float64Array;
}

/**
 * Sliced Wasserstein distance (Rabin et al. 2011, "Wasserstein Barycenter and its Application to Texture
 * Mixing"). Along each direction `q` both sets are projected and sorted; `w1 = mean |a_r - b_r|` and
 * `w2^2 = mean (a_r - b_r)^2` over ranks `r`. Projections are taken in float64, from the first real row's on, and sorted
 * in float32.
 *
 * @param real `[n, d]`.
 * @param fake `[n, d]`: as many rows.
 * @param directions `[projections, d]`, used as given; {@linkcode randomDirections} draws them.
 * @throws {RangeError} if shapes differ, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const real = { data: Float32Array.of(0, 1), count: 2, dimensions: 1 };
 * const fake = { data: Float32Array.of(3, 2), count: 2, dimensions: 1 };
 * const directions = { data: Float32Array.of(1), count: 1, dimensions: 1 };
 * assertEquals(slicedWasserstein(real, fake, directions).swd1, 2);
 * ```
 */
export function slicedWasserstein(real: Features, fake: Features, directions: Features): SlicedWasserstein {
  checkPair(real, fake, TASK, 1);
  checkFeatures(directions, { task: TASK, name: "the directions" });
  if (real.count !== fake.count) {
    throw new RangeError(
      `Cannot ${TASK}: rows of the fake features must be those of the real ones, ${real.count}, ` +
        `found ${fake.count}.`,
    );
  }
  if (directions.dimensions !== real.dimensions) {
    throw new RangeError(
      `Cannot ${TASK}: dimensions of the directions must be ${real.dimensions}, found ${directions.dimensions}.`,
    );
  }
  const w1 = new Float64Array(directions.count);
  const w2Squared = new Float64Array(directions.count);
  for (let first = 0; first < directions.count; first += GROUP) {
    const group = groupOf(directions, first);
    // A common shift changes no distance, and float32 has more digits near 0
    const origin = new Float64Array(group.count);
    eachProductBlock(group, { ...real, count: 1 }, ({ top, products }) => origin.set(products, top));
    const [reals, fakes] = [project(real, group, origin), project(fake, group, origin)];
    for (const [at, a] of reals.entries()) {
      const b = fakes[at]!;
      let [absolute, squares] = [0, 0];
      for (let rank = 0; rank < a.length; rank++) {
        const difference = Math.abs(a[rank]! - b[rank]!);
        absolute += difference;
        squares += difference * difference;
      }
      w1[first + at] = absolute / a.length;
      w2Squared[first + at] = squares / a.length;
    }
  }
  return { swd1: mean(w1), swd2: Math.sqrt(mean(w2Squared)), w1, w2Squared };
}

/**
 * Random directions of length 1, drawn by a counted generator: normal numbers over their root of squares.
 *
 * @throws {RangeError} if a number is not in its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { data } = randomDirections(1, 3, { seed: 1 });
 * assertAlmostEquals(Math.hypot(...data), 1, 1e-6);
 * ```
 */
export function randomDirections(count: number, dimensions: number, { seed }: { seed: number }): Features {
  const stream = METRIC_STREAMS.directions;
  const data = Float64Array.from(hostNormal(count * dimensions, { seed, stream }));
  for (let start = 0; start < data.length; start += dimensions) {
    const row = data.subarray(start, start + dimensions);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < dimensions; i++) row[i]! /= length;
  }
  return { data, count, dimensions };
}

/** As many directions as a group has, from one on. */
function groupOf({ data, count, dimensions }: Features, first: number): Features {
  const most = Math.min(GROUP, count - first);
  return {
    data: data.subarray(first * dimensions, (first + most) * dimensions),
    count: most,
    dimensions,
  };
}

/** All rows along each direction of a group, less where that has its origin, in ascending order. */
function project(set: Features, group: Features, origin: Float64Array): Float32Array[] {
  const along = Array.from({ length: group.count }, () => new Float32Array(set.count));
  eachProductBlock(group, set, ({ top, left, rows, columns, products }) => {
    for (let row = 0; row < rows; row++) {
      const values = along[top + row]!;
      for (let column = 0; column < columns; column++) {
        values[left + column] = products[row * columns + column]! - origin[top + row]!;
      }
    }
  });
  return along.map(sortNumbers);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
