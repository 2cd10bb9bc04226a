import "../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { imageSizeOf, lengthOf, parseSize, sidesOf, sizeText } from "../../src/pictures/mod.ts";

Deno.test("sizes are read, written and taken apart", () => {
  assertEquals(sidesOf(32), { width: 32, height: 32 });
  assertEquals(sidesOf("64x48"), { width: 64, height: 48 });
  assertEquals([imageSizeOf(sidesOf(32)), imageSizeOf(sidesOf("64x48"))], [32, "64x48"]);
  assertEquals([sizeText(32), sizeText("64x48")], ["32x32", "64x48"]);
  assertEquals(lengthOf({ size: "64x48", channels: 4 }), 64 * 48 * 4);
});

Deno.test("parseSize() takes numbers and text, and writes each size in one way", () => {
  assertEquals([64, "64", "64x64", "64x48", "4x640"].map(parseSize), [64, 64, 64, "64x48", "4x640"]);
  for (
    const wrong of [
      0,
      -4,
      1.5,
      NaN,
      Infinity,
      "",
      "x",
      "64x",
      "x48",
      "64x48x3",
      "064",
      "64 x 48",
      "1e3",
      null,
    ]
  ) {
    assertEquals(parseSize(wrong), undefined, `${wrong}`);
  }
});
