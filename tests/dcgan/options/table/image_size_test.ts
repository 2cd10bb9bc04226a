import "../../../../src/host/on_native.ts";
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
});

Deno.test("imageSize() says the one rule that a size breaks, what was found, and the nearest that break none", () => {
  const cases: [unknown, string][] = [
    [7, "at least 8 pixels on each side, found 7; nearest: 8"],
    ["6x100", 'at least 8 pixels on each side, found "6x100"; nearest: 8x32 and 16x64'],
    [1024, "at most 512 pixels on each side, found 1024; nearest: 512"],
    ["1024x512", 'at most 512 pixels on each side, found "1024x512"; nearest: 512x256 and '],
    ["100x20", 'at most 4 times as wide as high, found "100x20"; nearest: '],
    ["8x40", 'at most 4 times as high as wide, found "8x40"; nearest: '],
    [49, "even on each side, as each layer halves the image, found 49; nearest: 48 and 56"],
    ["64x49", 'even on each side, as each layer halves the image, found "64x49"; nearest: '],
    [
      62,
      "a size that halves, both sides whole, until the shorter one is 16 or less (this one ends at 31x31), found 62",
    ],
    [
      "64x50",
      "a size that halves, both sides whole, until the shorter one is 16 or less (this one ends at 32x25), found",
    ],
    ["33x31", 'even on each side, as each layer halves the image, found "33x31"; nearest: 32 and '],
    ["32x32", 'written as 32, found "32x32"'],
    ["48", 'written as 48, found "48"'],
    ["49x49", "even on each side, as each layer halves the image, found"],
    ["64x", 'a number of pixels such as 64, or width and height such as "64x48", found "64x"'],
    [64.5, 'a number of pixels such as 64, or width and height such as "64x48", found 64.5'],
    [0, "a number of pixels such as 64"],
  ];
  for (const [size, said] of cases) {
    const problem = optionProblem("size", size) ?? "none";
    assertEquals(problem.slice(0, 8 + said.length), `must be ${said}`);
    // What is said to be near must be allowed, without a base
    for (const near of problem.split("nearest: ")[1]?.split(" and ") ?? []) {
      checkOptions({ size: imageSize().fromText(near) } as TrainOptions);
    }
  }
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
