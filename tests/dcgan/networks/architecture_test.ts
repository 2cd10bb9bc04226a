import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { basesOf, doublingsOf, generatorMaps } from "../../../src/dcgan/networks/architecture.ts";
import { type ImageSize, imageSizeOf, sizeText } from "../../../src/pictures/mod.ts";

Deno.test("doublingsOf() finds the base and how often it is doubled", () => {
  const sizes: ImageSize[] = [8, 14, 16, 20, 28, 32, 48, 64, 128, 224, 512, "64x48", "32x128"];
  const found = sizes.map((size) => {
    const { base, count } = doublingsOf({ size });
    return [size, imageSizeOf(base), count];
  });
  assertEquals(found, [
    [8, 4, 1],
    [14, 7, 1],
    [16, 4, 2],
    [20, 5, 2],
    [28, 7, 2],
    [32, 4, 3],
    [48, 6, 3],
    [64, 4, 4],
    [128, 4, 5],
    [224, 7, 5],
    [512, 4, 7],
    ["64x48", "8x6", 3],
    ["32x128", "4x16", 3],
  ]);
  const given = [[32, 8], [32, 16], [60, 15], ["64x48", 3], ["64x48", 12]] as const;
  assertEquals(
    given.map(([size, base]) => doublingsOf({ size, base })).map((
      { base, count },
    ) => [imageSizeOf(base), count]),
    [[8, 2], [16, 1], [15, 2], ["4x3", 4], ["16x12", 2]],
  );
});

Deno.test("doublingsOf() refuses other sizes, and says which there are", () => {
  for (const size of [0, 1, 4, 7, 18, 31, 60, 65, -32, 32.5, NaN, Infinity, "64x50", "9x16"] as const) {
    assertThrows(
      () => doublingsOf({ size }),
      RangeError,
      `images of ${
        sizeText(size)
      }: both sides must be whole numbers, the shorter one 4, 5, 6 or 7, doubled equally`,
    );
  }
  for (const [size, base] of [[32, 5], [32, 32], ["64x50", 12], [64, 3]] as const) {
    assertThrows(() => doublingsOf({ size, base }), RangeError, `the shorter one ${base}, doubled equally`);
  }
  assertEquals([64, 60, "64x48", "64x50", 31].map((size) => basesOf(size as ImageSize)), [
    [2, 4, 8, 16],
    [15],
    [3, 6, 12],
    [],
    [],
  ]);
});

Deno.test("generatorMaps() halves down to ngf, and never exceeds the limit", () => {
  const small = { size: 64, ngf: 8 } as const;
  assertEquals(generatorMaps({ ...small, upsampling: "transposed" }), [64, 32, 16, 8]);
  assertEquals(generatorMaps({ ...small, upsampling: "nearest" }), [128, 64, 32, 16, 8]);
  assertEquals(generatorMaps({ ...small, upsampling: "nearest", maxMaps: 48 }), [48, 48, 32, 16, 8]);
  assertEquals(generatorMaps({ ...small, upsampling: "transposed", base: 16 }), [16, 8]);
});
