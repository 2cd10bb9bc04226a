import "../../../src/host/on_native.ts";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { randomBits } from "../../../src/gpu/mod.ts";
import { philox, type Words } from "../../../src/gpu/random/philox.ts";

Deno.test("philox() gives the numbers of its authors' test vectors", () => {
  const ones = 0xffffffff;
  const vectors: [counter: Words, key: [number, number], expected: Words][] = [
    [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [[ones, ones, ones, ones], [ones, ones], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, expected] of vectors) assertEquals(philox(counter, key), expected);
});

Deno.test("randomBits() gives other bits for another seed, stream, counter or index", () => {
  const bits = randomBits(1, 2, 3, 4);
  assertEquals(randomBits(1, 2, 3, 4), bits);
  for (
    const other of [[2, 2, 3, 4], [1 + 2 ** 32, 2, 3, 4], [1, 3, 3, 4], [1, 2, 4, 4], [1, 2, 3, 5], [
      1,
      2,
      3,
      8,
    ]]
  ) {
    assertNotEquals(randomBits(...other as [number, number, number, number]), bits);
  }
});

Deno.test("randomBits() explains which numbers it takes", () => {
  assertThrows(
    () => randomBits(-1, 0, 0, 0),
    RangeError,
    "A seed must be a whole number from 0 to 2^53 - 1, found -1",
  );
  assertThrows(() => randomBits(0, 2 ** 32, 0, 0), RangeError, "random stream must be");
  assertThrows(() => randomBits(0, 0, 0.5, 0), RangeError, "random counter must be");
});
