import { assertEquals, assertThrows } from "@std/assert";
import { expectFinite, firstNegativeVariance, firstNonFinite } from "../../../src/dcgan/numbers/finite.ts";

Deno.test("firstNonFinite() finds the first NaN or infinity, in any kind of array", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    for (
      const data of [
        [0, value],
        Float32Array.of(0, value),
        Float64Array.of(0, value),
        Float16Array.of(0, value),
      ]
    ) {
      const tensors = new Map([["good", { data: [1, 2] }], ["bad", { data }], ["worse", { data: [NaN] }]]);
      assertEquals(firstNonFinite(tensors), { name: "bad", index: 1, value });
    }
  }
  assertEquals(
    firstNonFinite(
      new Map([["a", { data: Float32Array.of(1e38, -0) }], ["n", { data: BigInt64Array.of(1n) }]]),
    ),
    undefined,
  );
});

Deno.test("firstNegativeVariance() looks at variances alone", () => {
  const tensors = new Map([["bn.running_mean", { data: [-1] }], ["bn.running_var", { data: [0, -0.5] }]]);
  assertEquals(firstNegativeVariance(tensors), { name: "bn.running_var", index: 1, value: -0.5 });
  assertEquals(firstNegativeVariance(new Map([["running_variety", { data: [-1] }]])), undefined);
  assertEquals(firstNegativeVariance(new Map([["generator.exp_avg_sq", { data: [-1] }]]))?.index, 0);
});

Deno.test("expectFinite() names file, tensor and element, and what to do", () => {
  const tensors = new Map([["main.0.weight", { data: [0, 0, NaN] }]]);
  assertThrows(
    () => expectFinite(tensors, "generator.safetensors", "Take an older one"),
    RangeError,
    "generator.safetensors cannot be used: 'main.0.weight' holds NaN (element 2). Take an older one",
  );
  assertThrows(
    () => expectFinite(new Map([["running_var", { data: [-2] }]]), "a"),
    RangeError,
    "a cannot be used: 'running_var' holds a negative variance, -2 (element 0)",
  );
  expectFinite(new Map([["running_var", { data: [0, 2] }]]), "a");
});
