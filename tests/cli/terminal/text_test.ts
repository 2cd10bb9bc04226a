import { assertEquals } from "@std/assert";
import {
  alignColumns,
  bytes,
  count,
  duration,
  figure,
  NO_BREAK,
  table,
} from "../../../src/cli/terminal/text.ts";

Deno.test("duration() takes the unit that fits", () => {
  assertEquals(
    [0.42, 9.99, 42.4, 59.7, 92, 3599.6, 7630, Infinity].map(duration),
    ["0.4 s", "10.0 s", "42 s", "1 min 00 s", "1 min 32 s", "1 h 00 min", "2 h 07 min", "?"],
  );
});

Deno.test("figure() keeps three digits that count, and no more than three decimals", () => {
  assertEquals(
    [0, 0.00042, 0.5123, 2.134, 41.32, 412.3, 1234.4, -0.5, NaN].map(figure),
    ["0.00", "0.000", "0.512", "2.13", "41.3", "412", "1234", "-0.500", "NaN"],
  );
});

Deno.test("count() and bytes() take the unit that fits", () => {
  assertEquals([12, 1200, 3_576_704].map(count), ["12", "1.20 k", "3.58 M"]);
  assertEquals([0, 512, 32768, 134217728, 2 ** 31].map(bytes), [
    "0 B",
    "512 B",
    "32.0 KiB",
    "128 MiB",
    "2.00 GiB",
  ]);
});

Deno.test("table() aligns columns and leaves no trailing spaces", () => {
  assertEquals(table([["a", "bb", "c"], ["aaa", "b", ""]]), "  a    bb  c\n  aaa  b\n");
});

Deno.test("table() breaks the last cell of a row between words where the terminal ends", () => {
  const rows = [["name", `one two three four${NO_BREAK}five`], ["b", "six"], ["lone"], ["c", "x".repeat(40)]];
  assertEquals(
    table(rows, "  ", 28),
    "  name  one two three\n        four five\n" + "  b     six\n" + "  lone\n" +
      `  c     ${"x".repeat(40)}\n`,
  );
  // However narrow it is, a word or two fit
  assertEquals(table([["a", "one two three four five"]], "", 1), "a  one two three four\n   five\n");
});

Deno.test("alignColumns() sets names left and figures right", () => {
  assertEquals(
    alignColumns([["kernel", "ms"], ["a", "10.5"], ["longer name", "7"]]),
    "kernel          ms\n" +
      "-----------   ----\n" +
      "a             10.5\n" +
      "longer name      7\n",
  );
});
