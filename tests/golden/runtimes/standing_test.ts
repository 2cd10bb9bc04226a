import { assertEquals, assertMatch } from "@std/assert";
import type { CaseDescription } from "../manifest.ts";
import { quickCases } from "./choose_cases.ts";
import type { Line } from "./golden_run.ts";
import { equalBits, equalSamples, onEqualAdapters, standingOf, standingsTable } from "./standing.ts";

const about = { runtime: "Deno 1", engine: "wgpu", seconds: 2 };
const adapter: Line = { type: "adapter", name: "SwiftShader", vendor: "", features: 3 };
const good = (id: string, digest = `of ${id}`): Line => ({ type: "case", id, problems: [], digest });
const drawn: Line = { type: "samples", digest: "0123456789" };

Deno.test("standingOf() counts cases, and takes silence for a problem", () => {
  const whole = standingOf(about, ["a", "b"], [adapter, good("a"), good("b"), drawn, { type: "end" }]);
  assertEquals([whole.adapter, whole.passed, whole.problems], ["SwiftShader", 2, []]);

  const bad: Line = { type: "case", id: "b", problems: ["y is off", "z is off"] };
  const problems = (ids: string[], ...lines: Line[]) => standingOf(about, ids, lines).problems;
  assertEquals(problems(["a", "b"], adapter, good("a"), bad, { type: "end" }), ["b\n  y is off\n  z is off"]);
  assertEquals(problems(["a", "b"], adapter, good("a"), { type: "end" }), ["not run: b"]);
  assertEquals(problems(["a"], adapter, good("a")), ["it never came to an end"]);
  assertEquals(problems(["a"], { type: "error", message: "no adapter" }), ["no adapter", "not run: a"]);
});

Deno.test("standings are compared bit by bit, case by case", () => {
  const ends: Line[] = [drawn, { type: "end" }];
  const first = standingOf(about, ["a", "b"], [adapter, good("a"), good("b"), ...ends]);
  const other = standingOf(about, ["a", "b"], [adapter, good("a"), good("b", "another"), ...ends]);
  assertEquals(equalBits(first, other), { equal: 1, both: 2 });
  assertEquals([equalSamples(first, other), onEqualAdapters(first, other)], [true, true]);

  const moved = standingOf(about, ["a"], [{ ...adapter, name: "llvmpipe" }, good("a"), { type: "end" }]);
  assertEquals([equalSamples(first, moved), onEqualAdapters(first, moved)], [false, false]);
  assertEquals(equalSamples(moved, moved), false, "none are equal to none");
  assertMatch(standingsTable([first, other]), /\| 2 \| 1 of 2 \| 01234567 \| 2 \|$/);
});

Deno.test("quickCases() takes the smallest case of each op", () => {
  const description = (id: string, op: string, ...shapes: number[][]) => {
    const tensors = Object.fromEntries(shapes.map((shape, at) => [`${at}`, { dtype: "F32", shape }]));
    return { id, op, tensors } as unknown as CaseDescription;
  };
  const cases = [
    description("large", "add", [100], [2, 3]),
    description("small", "add", [7], [2, 3]),
    description("one", "mul", [5000]),
  ];
  assertEquals(quickCases(cases).map(({ id }) => id), ["small", "one"]);
});
