import { assertEquals, assertThrows } from "@std/assert";
import type { TensorData } from "../../src/files/safetensors.ts";
import { floatsOf } from "./golden_case.ts";
import { judge } from "./judge.ts";

type Tensors = Record<string, TensorData>;

function problemsOf(got: Tensors, want: Tensors, tolerance: Record<string, unknown>): readonly string[] {
  return judge(new Map(Object.entries(got)), new Map(Object.entries(want)), tolerance).problems;
}

const tight = { "output.y": { rtol: 1e-4, atol: 1e-6 } };
const want = { "input.x": floatsOf([1], [0]), "output.y": floatsOf([2, 3], [1, -2, 0, 1e4, Infinity, 3]) };

function withValue(index: number, value: number): Tensors {
  const data = want["output.y"].data.slice();
  data[index] = value;
  return { "output.y": floatsOf([2, 3], data) };
}

Deno.test("judge() passes what is within the tolerance", () => {
  assertEquals(problemsOf(want, want, tight), []);
  assertEquals(problemsOf(withValue(0, 1.00009), want, tight), []);
  assertEquals(problemsOf(withValue(2, 9e-7), want, tight), []);
  assertEquals(problemsOf(withValue(3, 1e4 + 0.9), want, tight), []);
});

Deno.test("judge() names the worst element of a wrong tensor", () => {
  assertEquals(problemsOf(withValue(3, 1e4 + 2), want, tight), [
    "output.y: worst at [1, 0]: got 10002, want 10000, allowed 1; 1 of 6 elements are off",
  ]);
  assertEquals(problemsOf({ "output.y": floatsOf([2, 3], [1.1, -2, 5, 1e4, Infinity, 3]) }, want, tight), [
    "output.y: worst at [0, 2]: got 5, want 0, allowed 0.000001; 2 of 6 elements are off",
  ]);
});

Deno.test("judge() fails NaN and infinity wherever they are not golden", () => {
  for (const [index, value] of [[0, NaN], [3, Infinity], [4, 3e38], [4, -Infinity], [4, NaN]] as const) {
    const [problem] = problemsOf(withValue(index, value), want, tight);
    assertEquals(problem?.includes(`worst at [${Math.floor(index / 3)}, ${index % 3}]`), true, `${value}`);
  }
});

Deno.test("judge() fails a missing tensor, another shape, an extra element and another element type", () => {
  const { data } = want["output.y"];
  const cases: [TensorData | undefined, string][] = [
    [undefined, "output.y: was not computed"],
    [floatsOf([3, 2], data), "output.y: has shape [3, 2], want [2, 3]"],
    [floatsOf([6], data), "output.y: has shape [6], want [2, 3]"],
    [floatsOf([7], [...data, 0]), "output.y: has shape [7], want [2, 3]"],
    [floatsOf([2, 3], [...data, 0]), "output.y: has 7 elements, want 6"],
    [{ dtype: "U8", shape: [2, 3], data: new Uint8Array(6) }, "output.y: is U8, want F32"],
  ];
  for (const [got, problem] of cases) {
    assertEquals(problemsOf(got ? { "output.y": got } : {}, want, tight), [problem]);
  }
});

Deno.test("judge() wants whole numbers to be equal", () => {
  const count = (value: bigint): Tensors => ({
    "final.G.steps": { dtype: "I64", shape: [], data: new BigInt64Array([value]) },
  });
  const tolerance = { "final.*": { rel_L2: 0.5 } };
  assertEquals(problemsOf(count(15n), count(15n), tolerance), []);
  assertEquals(problemsOf(count(14n), count(15n), tolerance), [
    "final.G.steps: differs at []: got 14, want 15",
  ]);
});

Deno.test("judge() measures relative errors of whole tensors", () => {
  const golden = { "step1.gradD.w": floatsOf([2], [3, 4]) };
  const tolerance = { "step1.gradD.*": { rel_L2: 0.1 } };
  assertEquals(problemsOf({ "step1.gradD.w": floatsOf([2], [3.4, 4]) }, golden, tolerance), []);
  assertEquals(problemsOf({ "step1.gradD.w": floatsOf([2], [3, 5]) }, golden, tolerance), [
    "step1.gradD.w: relative error 0.2, allowed 0.1; worst at [1]: got 5, want 4",
  ]);
  const [nan] = problemsOf({ "step1.gradD.w": floatsOf([2], [3, NaN]) }, golden, tolerance);
  assertEquals(nan, "step1.gradD.w: relative error NaN, allowed 0.1; worst at [1]: got NaN, want 4");
});

Deno.test("judge() measures errors relative to the update where the tolerance says so", () => {
  const golden = { "init.G.w": floatsOf([2], [100, 100]), "final.G.w": floatsOf([2], [103, 104]) };
  const tolerance = { "final.* error relative to the update, per tensor": { rel_L2: 0.1 } };
  assertEquals(problemsOf({ "final.G.w": floatsOf([2], [103.4, 104]) }, golden, tolerance), []);
  assertEquals(problemsOf({ "final.G.w": floatsOf([2], [103, 105]) }, golden, tolerance), [
    "final.G.w: relative error 0.2 of the update, allowed 0.1; worst at [1]: got 105, want 104",
  ]);
  assertEquals(problemsOf({ "final.G.w": floatsOf([2], [100, 100]) }, golden, tolerance).length, 1);
});

Deno.test("judge() takes the most specific tolerance, and several names joined by a slash", () => {
  const golden = {
    "final.images": floatsOf([1], [1]),
    "final.w": floatsOf([1], [1]),
    "step1.w": floatsOf([1], [1]),
  };
  const tolerance = { "final.*/step1.*": { rel_L2: 0.5 }, "final.images": { rtol: 0, atol: 0.01 } };
  const off = floatsOf([1], [1.2]);
  assertEquals(problemsOf({ "final.images": off, "final.w": off, "step1.w": off }, golden, tolerance), [
    "final.images: worst at [0]: got 1.2000000476837158, want 1, allowed 0.01; 1 of 1 elements are off",
  ]);
});

Deno.test("judge() falls back where a kink flipped, unless the first step is wrong", () => {
  const golden = {
    "trace": floatsOf([3, 1], [1, 1, 1]),
    "step1.fake": floatsOf([1], [1]),
    "final.w": floatsOf([1], [1]),
  };
  const tolerance = {
    "trace": { rtol: 0, atol: 1e-6 },
    "step1.fake": { rtol: 0, atol: 1e-6 },
    "final.*": { rel_L2: 0.01 },
    "if_a_kink_flips": { "trace by step": [0.001, 0.1], "final.*": { rel_L2: 0.2 } },
  };
  const run = (trace: number[], fake: number, w: number) =>
    judge(
      new Map([["trace", floatsOf([3, 1], trace)], ["step1.fake", floatsOf([1], [fake])], [
        "final.w",
        floatsOf([1], [w]),
      ]]),
      new Map(Object.entries(golden)),
      tolerance,
    );
  assertEquals(run([1, 1, 1], 1, 1), { problems: [] });
  const flipped = run([1.0005, 1.05, 0.95], 1, 1.1);
  assertEquals(flipped.problems, []);
  assertEquals(flipped.note?.startsWith("passes as a run in which a kink flipped: trace: worst at"), true);
  assertEquals(run([1.005, 1, 1], 1, 1).problems.length, 1);
  assertEquals(run([1, 1, 1.2], 1, 1).problems.length, 1);
  assertEquals(run([1, 1, 1], 1.1, 1.1).problems.length, 2);
});

Deno.test("judge() fails tolerances without tensors and results without tolerances", () => {
  const golden = { "output.y": floatsOf([1], [1]), "grad.x": floatsOf([1], [1]) };
  const tolerance = { "output.y": { rtol: 0, atol: 0 }, "grad.weight": { rtol: 0, atol: 0 } };
  assertEquals(problemsOf(golden, golden, tolerance), [
    "no tensor for tolerance 'grad.weight'",
    "grad.x: no tolerance given",
  ]);
});

Deno.test("judge() refuses tolerances that it does not understand", () => {
  for (const value of [{ rtol: 1 }, { rtol: 1, atol: "1" }, { rel_L2: -1 }, { max: 3 }, null, [0.1]]) {
    assertThrows(
      () => problemsOf(want, want, { "output.y": value }),
      SyntaxError,
      "Tolerance 'output.y' cannot be",
    );
  }
});
