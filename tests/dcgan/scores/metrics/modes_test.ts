import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { coveredModes, modesErrors } from "../../../../src/dcgan/scores/metrics/modes.ts";

Deno.test("counts, modes and divergence by hand", () => {
  const { counts, modes, reverseKl } = coveredModes([0, 2, 2, 2], { classes: 3, realCounts: [10, 5, 5] });
  assertEquals([...counts], [1, 0, 3]);
  assertEquals(modes, 2);
  assertAlmostEquals(reverseKl, 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.25), 1e-12);
});

Deno.test("the data's own shares have divergence 0; a collapse has log(classes)", () => {
  const { modes, reverseKl } = coveredModes([0, 1, 1, 2], { classes: 3, realCounts: [5, 10, 5] });
  assertEquals(modes, 3);
  assertAlmostEquals(reverseKl, 0, 1e-12);
  assertAlmostEquals(coveredModes([7, 7], { classes: 10 }).reverseKl, Math.log(10), 1e-12);
});

Deno.test("error bars: none for one class, some for several", () => {
  const errors = { repeats: 100, seed: 1 };
  const one = modesErrors([1, 1, 1], { classes: 2 }, errors);
  assertEquals(one.modes, { mean: 1, standardError: 0 });
  const several = modesErrors([0, 1, 2, 3, 4, 5, 6, 7], { classes: 8 }, errors);
  assert(several.modes.mean < 8 && several.modes.standardError > 0 && several.reverseKl.standardError > 0);
});

Deno.test("classes that cannot be are refused", () => {
  const refused: [
    predicted: number[],
    options: { classes: number; realCounts?: number[] },
    message: string,
  ][] = [
    [[], { classes: 2 }, "Cannot count modes: samples must be 1 or more, found 0."],
    [[0], { classes: 0 }, "Cannot count modes: classes must be 1 or more, found 0."],
    [[0, 2], { classes: 2 }, "Cannot count modes: each class must be from 0 to 1, found 2 for sample 1."],
    [[NaN], { classes: 2 }, "found NaN for sample 0"],
    [[0], { classes: 2, realCounts: [1] }, "the data's counts must be 2, one a class, found 1."],
    [[0], { classes: 2, realCounts: [1, -1] }, "the data's count of class 1 must be 0 or more, found -1."],
    [[0], { classes: 2, realCounts: [0, 1] }, "the data's count of class 0 must be above 0"],
  ];
  for (const [predicted, options, message] of refused) {
    assertThrows(() => coveredModes(predicted, options), RangeError, message);
  }
});
