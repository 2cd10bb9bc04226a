import { assertAlmostEquals, assertThrows } from "@std/assert";
import { innerProduct, powerOfLength } from "../../../src/nn/averages/power_function.ts";

const lengthOf = (power: number) => Math.sqrt(power + 1) / ((power + 2) * Math.sqrt(power + 3));

Deno.test("powerOfLength() undoes the length of a power", () => {
  for (const power of [0.02, 0.5, 6.94, 16.97, 1000]) {
    assertAlmostEquals(powerOfLength(lengthOf(power)) / power, 1, 1e-8);
  }
  for (const length of [0, -0.1, 0.28868, 1, NaN]) {
    assertThrows(() => powerOfLength(length), RangeError, `found ${length}`);
  }
});

Deno.test("innerProduct() is the integral of the product, also where the powers would overflow", () => {
  const one = { length: 0.1, step: 7 };
  const other = { length: 0.2, step: 9 };
  const [a, b] = [powerOfLength(one.length), powerOfLength(other.length)];
  let sum = 0;
  const parts = 10_000;
  for (let i = 0; i < parts; i++) {
    const x = 7 * (i + 0.5) / parts;
    sum += (a + 1) * x ** a / 7 ** (a + 1) * (b + 1) * x ** b / 9 ** (b + 1) * 7 / parts;
  }
  assertAlmostEquals(innerProduct(one, other) / sum, 1, 1e-6);
  assertAlmostEquals(innerProduct(other, one) / innerProduct(one, other), 1, 1e-12);
  const far = { length: 0.001, step: 1_000_000_000 };
  assertAlmostEquals(innerProduct(far, far) * 1e9 / 500, 1, 0.01);
});
