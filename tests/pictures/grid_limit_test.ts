import "../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkOptions } from "../../src/dcgan/options/config.ts";
import { ConfigError } from "../../src/dcgan/options/config_issue.ts";
import { composeGrid, gridProblem, mostInGrid } from "../../src/pictures/mod.ts";

/** Pixels of a grid, by the numbers that it is laid out with. */
function pixelsOf(count: number, size: number): number {
  const columns = Math.ceil(Math.sqrt(count));
  return (columns * (size + 2) + 2) * (Math.ceil(count / columns) * (size + 2) + 2);
}

Deno.test("mostInGrid() is the last number of pictures whose grid has 64 megapixels", () => {
  for (const size of [8, 14, 16, 28, 32, 48, 64, 128, 512]) {
    const most = mostInGrid(size);
    assert(pixelsOf(most, size) <= 2 ** 26 && pixelsOf(most + 1, size) > 2 ** 26, `${size}: ${most}`);
  }
  assertEquals([64, 128, 512].map(mostInGrid), [15376, 3969, 240]);
  // 143 columns take 9,440 pixels, and 142 rows 7,102
  assertEquals(mostInGrid("64x48"), 143 * 142);
});

Deno.test("mostInGrid() counts pixels as composeGrid() lays them out", () => {
  for (const count of [1, 2, 3, 7, 12, 13]) {
    const { width, height } = composeGrid({
      width: 8,
      height: 8,
      channels: 1,
      data: new Uint8Array(64 * count),
    });
    assertEquals(width * height, pixelsOf(count, 8));
  }
});

Deno.test("gridProblem() says the largest number", () => {
  assertEquals(gridProblem(240, 512), undefined);
  assertEquals(gridProblem(241, 512), "must be at most 240 in one picture of 512x512 images, found 241");
});

Deno.test("checkOptions() refuses more samples than one picture may have, before anything starts", () => {
  checkOptions({ samples: 4096 });
  checkOptions({ samples: 240, size: 512 });
  const { issues } = assertThrows(() => checkOptions({ samples: 4096, size: 512 }), ConfigError);
  const problem = "must be at most 240 in one picture of 512x512 images, found 4096";
  assertEquals(issues, [{ option: "samples", problem }]);
});
