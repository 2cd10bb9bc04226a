import { assertEquals } from "@std/assert";
import { judgeSamples } from "../../../../src/dcgan/scores/judge/verdict.ts";
import type { Scores } from "../../../../src/dcgan/scores/score.ts";

function gradeOf(
  values: Partial<Record<"patchGap" | "rawPatchGap" | "deviation" | "nearest" | "coverage", number>>,
): string {
  const scores = Object.entries({ patchGap: 10, deviation: 1, nearest: 1, ...values });
  return judgeSamples(
    Object.fromEntries(scores.map(([name, value]) => [name, { value, error: 0 }])) as Scores,
  ).grade;
}

Deno.test("the patch gap decides", () => {
  assertEquals([10, 25, 50, 100].map((patchGap) => gradeOf({ patchGap })), [
    "good",
    "fair",
    "rough",
    "noise",
  ]);
});

Deno.test("faults that are hardly seen make no noise, but no fair samples either", () => {
  assertEquals([40, 79, 81].map((rawPatchGap) => gradeOf({ patchGap: 150, rawPatchGap })), [
    "rough",
    "rough",
    "noise",
  ]);
  assertEquals(gradeOf({ patchGap: 10, rawPatchGap: 200 }), "good");
});

Deno.test("samples that vary little, or leave out most of the data, are rough at best", () => {
  assertEquals([0.9, 0.6, 0.2].map((deviation) => gradeOf({ deviation })), ["good", "rough", "alike"]);
  assertEquals([0.9, 0.5, 0.1].map((coverage) => gradeOf({ coverage })), ["good", "fair", "rough"]);
  // Noise stays noise
  assertEquals(gradeOf({ patchGap: 900, deviation: 0.6, coverage: 0.1 }), "noise");
});

Deno.test("copies are said to be copies, however good they look", () => {
  assertEquals(gradeOf({ patchGap: 5, nearest: 0.1 }), "copies");
});

Deno.test("every verdict says what to do next", () => {
  const verdicts = [10, 25, 50, 100].map((value) => judgeSamples({ patchGap: { value, error: 0 } }));
  assertEquals(verdicts.map(({ grade }) => grade), ["good", "fair", "rough", "noise"]);
  assertEquals(new Set(verdicts.map(({ next }) => next)).size, 4);
  const alike = { patchGap: { value: 200, error: 0 }, deviation: { value: 0.1, error: 0 } };
  assertEquals(
    [judgeSamples(alike), judgeSamples(alike, true)].map(({ grade, moreSteps }) => [grade, moreSteps]),
    [
      ["alike", false],
      ["alike", true],
    ],
  );
});
