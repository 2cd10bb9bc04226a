import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { frechetDistance } from "../../../../src/dcgan/scores/metrics/frechet.ts";
import {
  bootstrapErrors,
  meanAndDeviation,
  subsetErrors,
} from "../../../../src/dcgan/scores/metrics/standard_error.ts";
import type { Features } from "../../../../src/dcgan/scores/metrics/features.ts";
import { normalFeatures } from "../../../support/features.ts";

const mean = (set: Features) => Array.from(set.data).reduce((sum, value) => sum + value, 0) / set.data.length;

Deno.test("mean and deviation by hand", () => {
  assertEquals(meanAndDeviation([1, 2, 3]), { mean: 2, deviation: 1 });
});

Deno.test("subsets are disjoint, and their error is that of a mean", () => {
  const set = normalFeatures(1000, 1, { seed: 1, scale: 2 });
  const seen: number[] = [];
  const { figure } = subsetErrors(set, set, (real) => {
    seen.push(...real.data);
    return { figure: mean(real) };
  }, { repeats: 50, seed: 3 });
  assertEquals(seen.sort(), [...set.data].sort());
  assertAlmostEquals(figure.mean, mean(set), 1e-6);
  assertAlmostEquals(figure.standardError, 2 / Math.sqrt(1000), 0.015);
});

Deno.test("the error of a Fréchet distance covers how it varies between sets", () => {
  const sets = Array.from({ length: 20 }, (_, i) => normalFeatures(400, 3, { seed: 10 + i, shift: 1 }));
  const real = normalFeatures(400, 3, { seed: 1 });
  const distance = (a: Features, b: Features) => ({ fd: frechetDistance(a, b).distance });
  const varies = meanAndDeviation(sets.map((fake) => distance(real, fake).fd)).deviation;
  const { standardError } = subsetErrors(real, sets[0]!, distance, { repeats: 10, seed: 1 }).fd;
  assert(standardError > 0.5 * varies && standardError < 4 * varies);
});

Deno.test("the same seed gives the same error, another one another", () => {
  const set = normalFeatures(40, 1, { seed: 1 });
  const error = (seed: number) =>
    bootstrapErrors(40, (rows) => ({ sum: rows.reduce((a, row) => a + set.data[row]!, 0) }), {
      repeats: 9,
      seed,
    });
  assertEquals(error(1), error(1));
  assert(error(1).sum.standardError !== error(2).sum.standardError);
});

Deno.test("one repeat, and more repeats than rows, are refused", () => {
  const set = normalFeatures(4, 1, { seed: 1 });
  const subsets = (repeats: number) => () => subsetErrors(set, set, () => ({ x: 0 }), { repeats, seed: 1 });
  assertThrows(subsets(1), RangeError, "Cannot estimate an error: repeats must be from 2 to 4, found 1.");
  assertThrows(subsets(5), RangeError, "found 5");
  const bootstrap = (count: number, repeats: number) => () =>
    bootstrapErrors(count, () => ({ x: 0 }), { repeats, seed: 1 });
  assertThrows(bootstrap(4, 1), RangeError, "repeats must be 2 or more, found 1.");
  assertThrows(bootstrap(1, 2), RangeError, "rows must be 2 or more, found 1.");
});
