import { assertEquals } from "@std/assert";
import { goalsOf } from "../../../scripts/gpus/table/goals.ts";
import { EMPTY_TABLE } from "../../../scripts/gpus/table/table.ts";

Deno.test("goalsOf() takes the worst of all cards and compilers", () => {
  const goals = goalsOf({
    ...EMPTY_TABLE,
    cards: {
      one: { S: { launches: 60, underfilled: 99 }, M8: { launches: 90, underfilled: 4 } },
      other: { S: { launches: 72, underfilled: 0 }, M8: { launches: 80, underfilled: 30 } },
    },
    kernels: { a: { x: { k: { spills: 0 } } }, b: { x: { k: { spills: 3 }, l: { spills: 1 } } } },
  });
  assertEquals(goals.map(({ found, goal }) => [found, goal]), [[72, 60], [90, 75], [30, 10], [3, 0]]);
});

Deno.test("goalsOf() says nothing of what was not looked at", () => {
  assertEquals(goalsOf(EMPTY_TABLE), []);
});
