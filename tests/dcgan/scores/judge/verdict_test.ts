import { assertEquals } from "@std/assert";
import { judgeSamples } from "../../../../src/dcgan/scores/judge/verdict.ts";
import type { Scores } from "../../../../src/dcgan/scores/score.ts";

function gradeOf(values: Partial<Record<"swd" | "deviation" | "nearest" | "coverage", number>>): string {
  const scores = Object.entries({ swd: 30, deviation: 1, nearest: 1, ...values });
  return judgeSamples(
    Object.fromEntries(scores.map(([name, value]) => [name, { value, error: 0 }])) as Scores,
    10,
  ).grade;
}

Deno.test("the distance of patches decides, in multiples of that of the data with itself", () => {
  assertEquals([30, 50, 100, 300].map((swd) => gradeOf({ swd })), ["good", "fair", "rough", "noise"]);
});

Deno.test("samples that vary little, or leave out most of the data, are rough at best", () => {
  assertEquals([0.9, 0.6, 0.2].map((deviation) => gradeOf({ deviation })), ["good", "rough", "alike"]);
  assertEquals([0.9, 0.5, 0.1].map((coverage) => gradeOf({ coverage })), ["good", "fair", "rough"]);
  // Noise stays noise
  assertEquals(gradeOf({ swd: 900, deviation: 0.6, coverage: 0.1 }), "noise");
});

Deno.test("copies are said to be copies, however good they look", () => {
  assertEquals(gradeOf({ swd: 5, nearest: 0.1 }), "copies");
});
