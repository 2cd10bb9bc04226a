import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions } from "../../../../src/dcgan/options/config.ts";
import { ConfigError, optionProblem } from "../../../../src/dcgan/options/config_issue.ts";
import { imageSize } from "../../../../src/dcgan/options/table/image_size.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";

Deno.test("imageSize() reads text, and takes each size in one way", () => {
  const { fromText } = imageSize();
  assertEquals(["64", " 64x48 ", "32x32", "wide"].map(fromText), [64, "64x48", 32, "wide"]);
  for (const size of [8, 14, 60, 512, "64x48", "8x32", "512x128"]) {
    assertEquals(optionProblem("size", size), undefined);
  }
  for (const size of [7, 62, 1024, "32x32", "64x50", "8x40", "64x", "48"]) {
    assertEquals(optionProblem("size", size)?.startsWith("must be 4, 5, 6 or 7 doubled"), true, `${size}`);
  }
  assertEquals(optionProblem("size", "32x32")?.endsWith('found "32x32"; nearest: 32'), true);
});

Deno.test("checkOptions() says from which bases a size is reached", () => {
  const problems = (options: TrainOptions): string[] => {
    const { issues } = assertThrows(() => checkOptions(options), ConfigError);
    return issues.map(({ option, problem }) => `${option} ${problem}`);
  };
  assertEquals(problems({ size: "64x48", base: 4 }), [
    "base must be 3, 6 or 12 for images of 64x48, found 4: it doubles to the shorter side",
  ]);
  assertEquals(problems({ size: 60 }), [
    'size must have a shorter side that is 4, 5, 6 or 7 doubled, found 60: give "base" 15, or another size; ' +
    "nearest: 56 and 64",
  ]);
  assertEquals(problems({ base: 5 }), [
    "base must be 2, 4, 8 or 16 for images of 64x64, found 5: it doubles to the shorter side",
  ]);
  for (
    const ok of [{ size: 60, base: 15 }, { size: "64x48", base: 3 }, { size: 8 }, { size: 512, base: 2 }]
  ) {
    checkOptions(ok as TrainOptions);
  }
  assertEquals(problems({ ngf: 16, maxMaps: 32 }), [
    'maxMaps must be at least "ngf" and "ndf", 64, found 32',
  ]);
  checkOptions({ ngf: 16, ndf: 32, maxMaps: 32 });
});
