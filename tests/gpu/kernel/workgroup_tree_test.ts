import { assertEquals } from "@std/assert";
import { workgroupTree } from "../../../src/gpu/kernel/workgroup_tree.ts";

Deno.test("workgroupTree() adds the values of all threads if not told otherwise", () => {
  assertEquals(
    workgroupTree({ value: "sum", half: "32u", shared: "partial" }),
    `  for (var half = 32u; half > 0u; half /= 2u) {
    partial[thread] = sum;
    workgroupBarrier();
    if (thread < half) { sum += partial[thread + half]; }
    workgroupBarrier();
  }`,
  );
});

Deno.test("workgroupTree() merges with a statement, at a stride", () => {
  const text = workgroupTree({
    value: "found",
    half: "height / 2u",
    shared: "moments",
    lane: "line",
    stride: "params.lanes",
    merge: (other) => `found = join(found, ${other});`,
  });
  assertEquals(
    text.split("\n")[3],
    "    if (line < half) { found = join(found, moments[thread + half * params.lanes]); }",
  );
});

Deno.test("workgroupTree() stores merged values at once, with one barrier a step", () => {
  assertEquals(
    workgroupTree({ value: "found", half: "32u", shared: "partial", stored: true }),
    `  partial[thread] = found;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      found += partial[thread + half];
      partial[thread] = found;
    }
  }`,
  );
});

Deno.test("workgroupTree() keeps values of half of the threads, if told to", () => {
  assertEquals(
    workgroupTree({
      value: "found",
      half: "32u",
      shared: "partial",
      lane: "line",
      stride: "params.lanes",
      halved: true,
    }),
    `  for (var half = 32u; half > 0u; half /= 2u) {
    if (line >= half && line < 2u * half) { partial[thread - half * params.lanes] = found; }
    workgroupBarrier();
    if (line < half) { found += partial[thread]; }
    workgroupBarrier();
  }`,
  );
});
