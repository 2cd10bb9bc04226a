/** Features of images: a row of numbers for each, `[count, dimensions]`, row by row. */
export interface Features {
  /** `count * dimensions` numbers. */
  readonly data: Float32Array | Float64Array | Uint8Array;
  /** How many images. */
  readonly count: number;
  /** How many numbers describe one image. */
  readonly dimensions: number;
}

/** What a metric asks of the features that it is given. */
export interface FeatureNeeds {
  /** What cannot be done otherwise: it follows "Cannot". */
  readonly task: string;
  /** What they are called in the sentence. */
  readonly name: string;
  /** Fewest rows. */
  readonly atLeast?: number;
}

/**
 * Checks that features are what they say, that there are enough of them, and that every number is finite.
 *
 * @throws {RangeError} if not.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const features = { data: Float32Array.of(1, NaN), count: 2, dimensions: 1 };
 * assertThrows(
 *   () => checkFeatures(features, { task: "compare images", name: "the fake features" }),
 *   RangeError,
 *   "Cannot compare images: the fake features must be finite, found NaN in row 1, dimension 0.",
 * );
 * ```
 */
export function checkFeatures({ data, count, dimensions }: Features, needs: FeatureNeeds): void {
  const { task, name, atLeast = 1 } = needs;
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RangeError(`Cannot ${task}: dimensions of ${name} must be 1 or more, found ${dimensions}.`);
  }
  if (!Number.isInteger(count) || count < atLeast) {
    throw new RangeError(`Cannot ${task}: rows of ${name} must be ${atLeast} or more, found ${count}.`);
  }
  if (data.length !== count * dimensions) {
    throw new RangeError(
      `Cannot ${task}: ${name} must be ${count * dimensions} numbers ([${count}, ${dimensions}]), ` +
        `found ${data.length}.`,
    );
  }
  for (let index = 0; index < data.length; index++) {
    if (Number.isFinite(data[index])) continue;
    throw new RangeError(
      `Cannot ${task}: ${name} must be finite, found ${data[index]} in row ${
        Math.floor(index / dimensions)
      }, ` +
        `dimension ${index % dimensions}.`,
    );
  }
}

/**
 * Checks real and fake features, and that both have the same dimensions.
 *
 * @throws {RangeError} if not.
 */
export function checkPair(real: Features, fake: Features, task: string, atLeast: number): void {
  checkFeatures(real, { task, name: "the real features", atLeast });
  checkFeatures(fake, { task, name: "the fake features", atLeast });
  if (real.dimensions !== fake.dimensions) {
    throw new RangeError(
      `Cannot ${task}: dimensions of the fake features must be those of the real ones, ${real.dimensions}, ` +
        `found ${fake.dimensions}.`,
    );
  }
}

/** The rows at these places, in this order, in an array of their own. A place may come several times. */
export function selectRows({ data, count, dimensions }: Features, rows: ArrayLike<number>): Features {
  const length = rows.length * dimensions;
  const selected = data instanceof Float32Array
    ? new Float32Array(length)
    : data instanceof Uint8Array
    ? new Uint8Array(length)
    : new Float64Array(length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (!Number.isInteger(row) || row < 0 || row >= count) {
      throw new RangeError(`Cannot select rows: each must be from 0 to ${count - 1}, found ${row}.`);
    }
    selected.set(data.subarray(row * dimensions, (row + 1) * dimensions), at * dimensions);
  }
  return { data: selected, count: rows.length, dimensions };
}
