import { assertEquals } from "@std/assert";
import { sortNumbers } from "../../../../src/dcgan/scores/metrics/sort_numbers.ts";

/** Numbers of every size and sign, in an order of their own. */
function numbers(count: number): Float32Array<ArrayBuffer> {
  const special = [0, -0, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 3.4e38, -3.4e38, 1, 1, -1];
  const some = Array.from({ length: count }, (_, at) => Math.sin(at * 12.9898) * 10 ** (at % 77 - 38));
  return Float32Array.from([...some.slice(special.length), ...special]);
}

for (const count of [1, 16, 1023, 1024, 1025, 16384]) {
  Deno.test(`sortNumbers() puts ${count} numbers in the order of the built-in sort`, () => {
    const values = count === 1 ? Float32Array.of(-2) : numbers(count);
    const expected = values.slice().sort();
    const sorted = sortNumbers(values);
    assertEquals(sorted.length, count);
    for (const [at, value] of expected.entries()) {
      assertEquals(Object.is(sorted[at], value), true, `at ${at}`);
    }
  });
}

Deno.test("sortNumbers() sorts a part of a buffer, and leaves the rest of it", () => {
  const whole = new Float32Array(4096 + 2).map((_, at) => -at);
  const sorted = sortNumbers(whole.subarray(1, 4097));
  assertEquals([whole[0], whole.at(-1)], [-0, -4097]);
  assertEquals([sorted[0], sorted.at(-1)], [-4096, -1]);
});
