import { assertEquals } from "@std/assert";
import { splitLaunches } from "../../../src/gpu/program/split_launches.ts";

Deno.test("splitLaunches() cuts where a run would cost too much", () => {
  assertEquals(splitLaunches([1, 1, 1, 1], 4), [4]);
  assertEquals(splitLaunches([1, 1, 1, 1], 2), [2, 4]);
  assertEquals(splitLaunches([1, 3, 2, 2, 1], 4), [2, 4, 5]);
  assertEquals(splitLaunches([], 4), [0]);
});

Deno.test("splitLaunches() leaves a launch that costs too much alone", () => {
  assertEquals(splitLaunches([1, 9, 1], 4), [1, 2, 3]);
  assertEquals(splitLaunches([9, 9], 4), [1, 2]);
  assertEquals(splitLaunches([9], 4), [1]);
});
