import { assert, assertEquals } from "@std/assert";
import { floatsOf } from "./golden_case.ts";
import { halfTolerance, runsInF16 } from "./half_tolerances.ts";
import { judge } from "./judge.ts";
import { OPS } from "./ops/table.ts";
import { parseTolerances } from "./tolerances.ts";

Deno.test("runsInF16() leaves out ops of f32 alone, and what 16 bits cannot hold", () => {
  assertEquals(runsInF16({ id: "any", op: "conv2d" }), true);
  assertEquals(runsInF16({ id: "any", op: "bce_with_logits" }), false);
  assertEquals(runsInF16({ id: "sum_100000_all", op: "sum" }), false);
});

Deno.test("halfTolerance() has tolerances that can be read, for every op in f16", () => {
  const ops = [...OPS.keys()].filter((op) => runsInF16({ id: "any", op }));
  assert(ops.length > 15);
  for (const op of ops) assert(parseTolerances(halfTolerance({ id: "any", op })).strict.length > 0);
});

Deno.test("halfTolerance() lets no operation be off by one per cent", () => {
  const want = floatsOf([4], [1, -2, 3, 4]);
  const golden = new Map([["output.y", want], ["grad.x", want]]);
  for (const op of ["conv2d", "batch_norm", "tanh", "upsample_nearest", "chain"]) {
    const tolerance = halfTolerance({ id: "any", op });
    for (const name of golden.keys()) {
      const off = (share: number) => {
        const got = floatsOf([4], want.data.map((value) => value * (1 + share)));
        return judge(new Map(golden).set(name, got), golden, tolerance).problems.length;
      };
      assertEquals([off(0.0005), off(0.01)], [0, 1], `${name} of ${op}`);
    }
  }
});
