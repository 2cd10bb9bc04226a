import "../../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { precisionRecall } from "../../../../src/dcgan/scores/metrics/precision_recall.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("shares computed by hand", () => {
  // Radii of the real rows: 1, 1, 2, 2; of the fake rows: 0.5, 0.5, 20.
  const real = featuresOf([[0], [1], [10], [12]]);
  const fake = featuresOf([[0.5], [1], [21]]);
  assertEquals(precisionRecall(real, fake, { k: 1 }), {
    precision: 2 / 3, // 0.5 and 1
    recall: 1, // 0 and 1 by 0.5, 10 and 12 by 21
    density: 3 / 3, // (0, 0.5), (1, 0.5), (1, 1); the pair (0, 1) lies on the border
    coverage: 2 / 4, // 0 and 1
  });
});

Deno.test("a row on the border counts for precision and recall, not for density and coverage", () => {
  // Radii: 1 and 1 of the real rows, 0.5 and 0.5 of the fake ones; 2 lies on the border of 1.
  const near = precisionRecall(featuresOf([[0], [1]]), featuresOf([[2], [2.5]]), { k: 1 });
  assertEquals(near, { precision: 0.5, recall: 0, density: 0, coverage: 0 });
  const wide = precisionRecall(featuresOf([[2], [2.5]]), featuresOf([[0], [1]]), { k: 1 });
  assertEquals(wide, { precision: 0, recall: 0.5, density: 0, coverage: 0 });
});

Deno.test("equal sets: all is precise and recalled, in any order", () => {
  const set = normalFeatures(150, 6, { seed: 1 });
  const found = precisionRecall(set, reversed(set), { k: 3 });
  assertEquals(found, { precision: 1, recall: 1, density: 1, coverage: 1 });
});

Deno.test("sets apart share nothing; a collapsed one is precise without recall", () => {
  const real = normalFeatures(100, 6, { seed: 1 });
  const far = normalFeatures(100, 6, { seed: 2, shift: 100 });
  assertEquals(precisionRecall(real, far, { k: 3 }), { precision: 0, recall: 0, density: 0, coverage: 0 });
  const collapsed = normalFeatures(100, 6, { seed: 2, scale: 1e-3 });
  const found = precisionRecall(real, collapsed, { k: 3 });
  assertEquals([found.precision, found.recall], [1, 0]);
});

Deno.test("k beyond the neighbors is refused", () => {
  const [four, two] = [featuresOf([[1], [2], [3], [4]]), featuresOf([[1], [2]])];
  const start = "Cannot take precision and recall: ";
  assertThrows(
    () => precisionRecall(four, two, { k: 2 }),
    RangeError,
    `${start}k must be from 1 to 1, found 2.`,
  );
  assertThrows(() => precisionRecall(four, four, { k: 1.5 }), RangeError, "found 1.5");
  assertThrows(
    () => precisionRecall(featuresOf([[1]]), two, { k: 1 }),
    RangeError,
    "must be 2 or more, found 1",
  );
});
