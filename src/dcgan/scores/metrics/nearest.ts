import { eachDistance } from "./distances.ts";
import { checkFeatures, type Features } from "./features.ts";
import { bootstrapErrors, type ErrorOptions, type Estimate } from "./standard_error.ts";

const TASK = "find the nearest images";

/** The nearest training image of each sample. */
export interface NearestPictures {
  /** Euclidean distance of each sample to it, over `sqrt(dimensions)`: a root mean square difference. */
  readonly distances: Float64Array;
  /** Which training image it is; the first of several at the same distance. */
  readonly rows: Uint32Array;
  /** Mean of the distances. */
  readonly mean: number;
  /** The least distance: 0 if a sample is a copy. */
  readonly least: number;
}

/**
 * How far each sample is from the nearest training image. Samples that are nearer to training images than
 * other real images are (give those as `samples` to see) were memorized: compare the means.
 *
 * Use it on pixels, or on features. Distances are `sqrt(sum (x - y)^2 / d)`; none but the least is stored.
 *
 * @param samples `[m, d]`.
 * @param training `[n, d]`.
 * @throws {RangeError} if dimensions differ, a set is empty, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const training = { data: Float32Array.of(0, 0, 3, 3), count: 2, dimensions: 2 };
 * const samples = { data: Float32Array.of(3, 3, 0, 1), count: 2, dimensions: 2 };
 * const { rows, distances, least } = nearestPictures(samples, training);
 * assertEquals([...rows], [1, 0]);
 * assertEquals([...distances], [0, Math.sqrt(1 / 2)]);
 * assertEquals(least, 0);
 * ```
 */
export function nearestPictures(samples: Features, training: Features): NearestPictures {
  checkFeatures(samples, { task: TASK, name: "the samples" });
  checkFeatures(training, { task: TASK, name: "the training images" });
  if (samples.dimensions !== training.dimensions) {
    throw new RangeError(
      `Cannot ${TASK}: dimensions of the samples must be those of the training images, ` +
        `${training.dimensions}, found ${samples.dimensions}.`,
    );
  }
  const distances = new Float64Array(samples.count).fill(Infinity);
  const rows = new Uint32Array(samples.count);
  eachDistance(samples, training, (i, j, squared) => {
    if (squared < distances[i]!) {
      distances[i] = squared;
      rows[i] = j;
    }
  });
  let [mean, least] = [0, Infinity];
  for (let i = 0; i < distances.length; i++) {
    distances[i] = Math.sqrt(distances[i]! / samples.dimensions);
    mean += distances[i]! / distances.length;
    least = Math.min(least, distances[i]!);
  }
  return { distances, rows, mean, least };
}

/**
 * Error bar of the mean distance to the nearest training image, by bootstrap over the samples; training
 * images are taken as they are. Nothing is compared again.
 *
 * @throws {RangeError} if there are fewer than two samples or repeats.
 */
export function nearestError(
  { distances }: Pick<NearestPictures, "distances">,
  options: ErrorOptions,
): Estimate {
  const mean = (rows: Uint32Array) => rows.reduce((sum, row) => sum + distances[row]!, 0) / rows.length;
  return bootstrapErrors(distances.length, (rows) => ({ mean: mean(rows) }), options).mean;
}
