import { eachDistance, eachPairDistance } from "./distances.ts";
import { checkPair, type Features } from "./features.ts";

const TASK = "take precision and recall";

/** How much of one set lies in the neighborhoods of the other. */
export interface PrecisionRecall {
  /** Share of fake rows inside a real neighborhood: how many samples look real. */
  readonly precision: number;
  /** Share of real rows inside a fake neighborhood: how much of the data is generated. */
  readonly recall: number;
  /**
   * Real neighborhoods that a fake row lies in, over `k`: like precision, but outliers count little. May
   * exceed 1.
   */
  readonly density: number;
  /** Share of real rows with a fake row in their neighborhood. */
  readonly coverage: number;
}

/**
 * Precision and recall (Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric"), density and
 * coverage (Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics"). With `r_k(x)` the distance to the
 * `k`-th nearest other row of the same set:
 *
 * - precision: share of fake `y` with `|y - x| <= r_k(x)` for some real `x`
 * - recall: share of real `x` with `|x - y| <= r_k(y)` for some fake `y`
 * - density: number of pairs with `|y - x| < r_k(x)`, over `k m`
 * - coverage: share of real `x` with `|y - x| < r_k(x)` for some fake `y`
 *
 * Distances are compared as they come and none is stored, so memory is that of a block, and `k` numbers a
 * row; time is `d (n^2 / 2 + m^2 / 2 + n m)`. For an error bar, use `subsetErrors`.
 *
 * @param real `[n, d]`, more than `k` rows.
 * @param fake `[m, d]`, more than `k` rows.
 * @param k Which neighbor: 3 in the first paper, 5 in the second.
 * @throws {RangeError} if `k` is not from 1 to one less than the rows of the smaller set, dimensions differ,
 * or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const real = { data: Float32Array.of(0, 1, 10, 11), count: 4, dimensions: 1 };
 * const fake = { data: Float32Array.of(0.25, 0.5), count: 2, dimensions: 1 };
 * const { precision, recall, density, coverage } = precisionRecall(real, fake, { k: 1 });
 * assertEquals([precision, recall, density, coverage], [1, 0.25, 2, 0.5]);
 * ```
 */
export function precisionRecall(real: Features, fake: Features, { k }: { k: number }): PrecisionRecall {
  checkPair(real, fake, TASK, 2);
  const most = Math.min(real.count, fake.count) - 1;
  if (!Number.isInteger(k) || k < 1 || k > most) {
    throw new RangeError(`Cannot ${TASK}: k must be from 1 to ${most}, found ${k}.`);
  }
  const [realRadii, fakeRadii] = [squaredRadii(real, k), squaredRadii(fake, k)];
  const precise = new Uint8Array(fake.count);
  const recalled = new Uint8Array(real.count);
  const covered = new Uint8Array(real.count);
  let pairs = 0;
  eachDistance(real, fake, (x, y, squared) => {
    const radius = realRadii[x]!;
    if (squared <= radius) precise[y] = 1;
    if (squared <= fakeRadii[y]!) recalled[x] = 1;
    if (squared < radius) {
      pairs++;
      covered[x] = 1;
    }
  });
  return {
    precision: share(precise),
    recall: share(recalled),
    density: pairs / (k * fake.count),
    coverage: share(covered),
  };
}

/** Squared distance of each row to its `k`-th nearest other row. */
function squaredRadii(set: Features, k: number): Float64Array {
  // The k least distances of each row, in ascending order.
  const nearest = new Float64Array(set.count * k).fill(Infinity);
  const insert = (row: number, value: number) => {
    const start = row * k;
    let at = start + k - 1;
    if (value >= nearest[at]!) return;
    for (; at > start && nearest[at - 1]! > value; at--) nearest[at] = nearest[at - 1]!;
    nearest[at] = value;
  };
  eachPairDistance(set, (i, j, squared) => {
    insert(i, squared);
    insert(j, squared);
  });
  return Float64Array.from({ length: set.count }, (_, row) => nearest[row * k + k - 1]!);
}

function share(flags: Uint8Array): number {
  let sum = 0;
  for (const flag of flags) sum += flag;
  return sum / flags.length;
}
