import { assertEquals, assertThrows } from "@std/assert";
import { ALL_FINITE, firstNonFiniteElement } from "../../../../src/gpu/mod.ts";
import { f16Test, gpuTest } from "../../../support/gpu.ts";

gpuTest("firstNonFiniteElement() finds the first one, wherever it lies", async (device) => {
  const size = 10_007;
  const values = Float32Array.from({ length: size }, (_, i) => i % 2 === 0 ? 3.4e38 : -1e-40);
  assertEquals(await firstNonFiniteElement(device.tensor(values)).item(), ALL_FINITE);
  for (const place of [0, 1, 63, 64, 4095, size - 1]) {
    for (const value of [NaN, Infinity, -Infinity]) {
      const spoiled = values.with(place, value).with(size - 1, NaN);
      assertEquals([place, await firstNonFiniteElement(device.tensor(spoiled)).item()], [place, place]);
    }
  }
});

gpuTest("firstNonFiniteElement() refuses what holds no floats", (device) => {
  assertThrows(() => firstNonFiniteElement(device.tensor([1], { dtype: "u32" })), TypeError, "f32 or f16");
});

f16Test("firstNonFiniteElement() reads floats of 16 bits", async (device) => {
  const values = [1, 65504, 6e-8, Infinity, NaN];
  assertEquals(await firstNonFiniteElement(device.tensor(values, { dtype: "f16" })).item(), 3);
  assertEquals(
    await firstNonFiniteElement(device.tensor(values.slice(0, 3), { dtype: "f16" })).item(),
    ALL_FINITE,
  );
});
