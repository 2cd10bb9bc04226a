import { bootstrapErrors, type ErrorOptions, type Estimate } from "./standard_error.ts";

/** Which classes samples fall into. */
export interface Modes {
  /** Samples of each class. */
  readonly counts: Uint32Array;
  /** Classes with one sample or more. */
  readonly modes: number;
  /** Reverse Kullback-Leibler divergence from the data's classes, in nats: 0 if each class has its share. */
  readonly reverseKl: number;
}

/** What the samples' classes are compared to. */
export interface ModesOptions {
  /** How many classes there are. */
  readonly classes: number;
  /**
   * Pictures of each class in the data, each 1 or more if samples fall there.
   *
   * @default {equal shares}
   */
  readonly realCounts?: ArrayLike<number>;
}

/**
 * Number of modes covered and reverse KL, from the classes that a classifier predicts for the samples (Metz
 * et al. 2017, "Unrolled GANs"; Lin et al. 2018, "PacGAN", on Stacked MNIST with 1,000 classes):
 * `sum_c p_c log(p_c / q_c)` over classes with samples, `p` their share of the samples and `q` of the data.
 *
 * @param predicted Class of each sample, `[samples]`.
 * @throws {RangeError} if there are no samples, a class is not from 0 to `classes - 1`, or samples fall into
 * a class that the data does not have.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { modes, reverseKl } = coveredModes([0, 0, 1, 1], { classes: 4 });
 * assertEquals(modes, 2);
 * assertAlmostEquals(reverseKl, Math.log(2));
 * ```
 */
export function coveredModes(predicted: ArrayLike<number>, { classes, realCounts }: ModesOptions): Modes {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(`Cannot count modes: classes must be 1 or more, found ${classes}.`);
  }
  if (predicted.length === 0) {
    throw new RangeError("Cannot count modes: samples must be 1 or more, found 0.");
  }
  const counts = new Uint32Array(classes);
  for (let at = 0; at < predicted.length; at++) {
    const value = predicted[at]!;
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new RangeError(
        `Cannot count modes: each class must be from 0 to ${classes - 1}, found ${value} for sample ${at}.`,
      );
    }
    counts[value]!++;
  }
  const shares = sharesOf(realCounts, classes);
  let [modes, reverseKl] = [0, 0];
  for (let index = 0; index < classes; index++) {
    if (counts[index] === 0) continue;
    if (!(shares[index]! > 0)) {
      throw new RangeError(
        `Cannot count modes: the data's count of class ${index} must be above 0, as samples fall into it, found 0.`,
      );
    }
    modes++;
    const p = counts[index]! / predicted.length;
    reverseKl += p * Math.log(p / shares[index]!);
  }
  return { counts, modes, reverseKl };
}

/**
 * Error bars of the number of modes and of reverse KL, by bootstrap over the samples. A resample never covers
 * a mode that the samples miss, so that its mean number of modes lies below theirs.
 *
 * @throws {RangeError} as {@linkcode coveredModes}, or if there are fewer than two samples or repeats.
 */
export function modesErrors(
  predicted: ArrayLike<number>,
  options: ModesOptions,
  errors: ErrorOptions,
): { modes: Estimate; reverseKl: Estimate } {
  return bootstrapErrors(predicted.length, (rows) => {
    const { modes, reverseKl } = coveredModes(Array.from(rows, (row) => predicted[row]!), options);
    return { modes, reverseKl };
  }, errors);
}

function sharesOf(counts: ArrayLike<number> | undefined, classes: number): Float64Array {
  if (counts === undefined) return new Float64Array(classes).fill(1 / classes);
  if (counts.length !== classes) {
    throw new RangeError(
      `Cannot count modes: the data's counts must be ${classes}, one a class, found ${counts.length}.`,
    );
  }
  let sum = 0;
  for (let index = 0; index < classes; index++) {
    const count = counts[index]!;
    if (!Number.isFinite(count) || count < 0) {
      throw new RangeError(
        `Cannot count modes: the data's count of class ${index} must be 0 or more, found ${count}.`,
      );
    }
    sum += count;
  }
  return Float64Array.from(counts, (count) => count / sum);
}
