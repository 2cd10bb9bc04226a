import { assertEquals, assertThrows } from "@std/assert";
import { spreadOf } from "../../bench/spread.ts";

Deno.test("spreadOf() takes the middle and the ends", () => {
  assertEquals(spreadOf([5, 1, 3]), { median: 3, min: 1, max: 5 });
  assertEquals(spreadOf([10, 2, 4, 1]), { median: 3, min: 1, max: 10 });
  assertEquals(spreadOf([7]), { median: 7, min: 7, max: 7 });
  assertThrows(() => spreadOf([]), RangeError, "at least one measurement");
});
