import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { CURVE_COLORS } from "../../../src/dcgan/plot/panels.ts";
import { plotCurves } from "../../../src/dcgan/plot/plot_curves.ts";
import type { Picture } from "../../../src/pictures/mod.ts";

/** Whether a picture has a pixel of a color between two columns. */
function hasColor({ width, data }: Picture, color: readonly number[], from = 80, to = width - 40): boolean {
  for (let i = 0; i < data.length; i += 3) {
    const x = i / 3 % width;
    // Below the legend
    if (i / 3 < 42 * width || x < from || x >= to) continue;
    if (color.every((value, c) => data[i + c] === value)) return true;
  }
  return false;
}

const [first = [], second = [], third = []]: readonly (readonly number[])[] = CURVE_COLORS;

Deno.test("plotCurves() draws a curve for each key, at the steps that rows have", () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ step: 10 * (i + 1), a: i, b: 20 - i }));
  const picture = plotCurves(rows, { title: "Losses" });
  assertEquals([picture.width, picture.height, picture.channels], [960, 360, 3]);
  assertEquals([first, second, third].map((color) => hasColor(picture, color)), [true, true, false]);
  assertEquals(plotCurves(rows, { title: "Losses" }).data, picture.data);
  // Without steps they are counted from 1, which is another axis
  const counted = plotCurves(rows.map(({ a, b }) => ({ a, b })), { title: "Losses" });
  assertEquals(counted.data.every((value, i) => value === picture.data[i]), false);
});

Deno.test("plotCurves() leaves gaps where a row has no number", () => {
  const rows = Array.from({ length: 21 }, (_, i) => ({ a: i < 10 ? 1 : i < 15 ? NaN : undefined, b: 2 }));
  const picture = plotCurves(rows);
  assertEquals([hasColor(picture, first, 80, 480), hasColor(picture, first, 500)], [true, false]);
  assertEquals(hasColor(picture, second, 500), true);
});

Deno.test("plotCurves() draws no rows, one row and more rows than pixels", () => {
  assertEquals(hasColor(plotCurves([]), first), false);
  assertEquals(hasColor(plotCurves([{ a: 3 }]), first), true);
  assertEquals(hasColor(plotCurves(Array.from({ length: 9000 }, () => ({ a: Math.PI }))), first), true);
});

Deno.test("plotCurves() refuses what it cannot draw", () => {
  const keys = Object.fromEntries("abcdefg".split("").map((key) => [key, 1]));
  const refusals = [
    [() => plotCurves([keys]), 'rows must have 6 keys besides "step" at most, found 7'],
    [() => plotCurves([{ step: 2, a: 1 }, { step: 2, a: 1 }]), "steps must ascend, found 2 in row 1"],
    [() => plotCurves([{ step: NaN, a: 1 }]), "steps must ascend, found NaN in row 0"],
    [() => plotCurves([], { width: 100 }), "width must be a whole number from 720 to 8192, found 100"],
    [() => plotCurves([], { height: 9000 }), "height must be a whole number from 240 to 8192, found 9000"],
  ] as const;
  for (const [use, message] of refusals) assertThrows(use, RangeError, message);
  assertThrows(() => plotCurves([], { hieght: 1 } as never), TypeError, "Did you mean 'height'?");
});
