import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Strongest } from "../../../../src/dcgan/experiments/guided/strongest.ts";

Deno.test("Strongest keeps the pictures that answer most, each at its strongest place, over several batches", () => {
  const strongest = new Strongest(2, 2);
  // Maps of 1x2 with two features
  strongest.add([1, 0, 5, -1, 2, 3, 1, 9], [2, 1, 2], 0);
  strongest.add([4, 4, 3, 4], [1, 1, 2], 2);
  assertEquals(strongest.found[0], [
    { picture: 0, channel: 0, row: 0, column: 1, value: 5 },
    { picture: 2, channel: 0, row: 0, column: 0, value: 4 },
  ]);
  assertEquals(strongest.found[1]!.map(({ picture, column }) => [picture, column]), [[1, 1], [2, 0]]);
  assertAlmostEquals(strongest.means()[0]!, (5 + 2 + 4) / 3);
});
