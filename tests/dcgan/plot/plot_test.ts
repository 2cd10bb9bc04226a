import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import type { LossName } from "../../../src/dcgan/options/losses.ts";
import { INK } from "../../../src/dcgan/plot/panel.ts";
import { plotMetrics } from "../../../src/dcgan/plot/plot.ts";
import { smooth, toColumns } from "../../../src/dcgan/plot/columns.ts";
import { glyphOf } from "../../../src/dcgan/plot/glyphs.ts";
import { rangeOf } from "../../../src/dcgan/plot/range.ts";
import { type Color, Raster } from "../../../src/dcgan/plot/raster.ts";
import { strokePaths } from "../../../src/dcgan/plot/stroke.ts";
import { drawText, measureText } from "../../../src/dcgan/plot/text.ts";
import { formatNumber, roundTicks } from "../../../src/dcgan/plot/ticks.ts";
import type { Picture } from "../../../src/pictures/mod.ts";

const BLUE: Color = [0, 114, 178];
const GREEN: Color = [0, 158, 115];
const ORANGE: Color = [213, 94, 0];
const WHITE: Color = [255, 255, 255];
const BLACK: Color = [0, 0, 0];

/** Frames of the two panels in a plot of 960x720. */
const UPPER = { left: 70, top: 84, right: 932, bottom: 343 };
const LOWER = { left: 70, top: 399, right: 932, bottom: 658 };

/** A run whose numbers are all the same, with some steps of it changed. */
function run(steps: number, change: (step: number) => Partial<StepMetrics> = () => ({})): StepMetrics[] {
  return Array.from({ length: steps }, (_, i) => ({
    step: i + 1,
    epoch: 0,
    generatorLoss: 4,
    discriminatorLossReal: 2,
    discriminatorLossFake: 1,
    dReal: 0.9,
    dFake: 0.3,
    dFakeAfter: 0.1,
    ...change(i + 1),
  }));
}

function pixel({ width, data }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Rows within a frame where a column of pixels has a color in full. */
function rowsOf(picture: Picture, color: Color, x: number, box = UPPER): number[] {
  const rows: number[] = [];
  for (let y = box.top; y < box.bottom; y++) {
    if (pixel(picture, x, y).every((value, c) => value === color[c])) rows.push(y);
  }
  return rows;
}

/** Column of a step in a run from 1 to `steps`. */
function columnOf(step: number, steps: number): number {
  return Math.floor(UPPER.left + 8.5 + (step - 1) / (steps - 1) * (UPPER.right - UPPER.left - 17));
}

function hasColor(picture: Picture, color: Color, box: typeof UPPER): boolean {
  for (let x = box.left; x < box.right; x++) if (rowsOf(picture, color, x, box).length > 0) return true;
  return false;
}

Deno.test("plotMetrics() draws each curve at the height of its value", () => {
  const picture = plotMetrics(run(50));
  assertEquals([picture.width, picture.height, picture.channels], [960, 720, 3]);
  const x = 300;
  // The axis of probabilities goes from -0.03 to 1.03 over the frame's 259 rows
  const rowAt = (value: number): number => LOWER.bottom - (value + 0.03) / 1.06 * (LOWER.bottom - LOWER.top);
  for (const [color, value] of [[BLUE, 0.9], [GREEN, 0.3], [ORANGE, 0.1]] as const) {
    const rows = rowsOf(picture, color, x, LOWER);
    assert(rows.length >= 1 && rows.length <= 2, `${rows.length} rows`);
    for (const row of rows) assert(Math.abs(row + 0.5 - rowAt(value)) <= 1, `row ${row} for ${value}`);
  }
  const [real, fake, generator] = [BLUE, GREEN, ORANGE].map((color) => rowsOf(picture, color, x)[0]!);
  assert(generator! < real! && real! < fake!);
});

Deno.test("plotMetrics() shows a legend, a heading and labels", () => {
  const picture = plotMetrics(run(50), { title: "Heading" });
  for (const box of [UPPER, LOWER]) {
    const legend = { ...box, left: 450, top: box.top - 20, bottom: box.top - 12 };
    for (const color of [BLUE, GREEN, ORANGE]) assert(hasColor(picture, color, legend));
  }
  const untitled = plotMetrics(run(50), { title: "" });
  const dark = (p: Picture, x: number, y: number): boolean => pixel(p, x, y)[0]! < 100;
  let [written, missing] = [0, 0];
  for (let y = 15; y < 40; y++) {
    for (let x = 70; x < 200; x++) {
      if (dark(picture, x, y)) written++;
      if (dark(untitled, x, y)) missing++;
    }
  }
  assert(written > 100, `${written} dark pixels`);
  assertEquals(missing, 0);
});

Deno.test("plotMetrics() marks 0.5 where it is the border between real and fake", () => {
  const row = Math.round(LOWER.bottom - 0.53 / 1.06 * (LOWER.bottom - LOWER.top));
  const isMarked = (loss: LossName): boolean => {
    const picture = plotMetrics(run(50), { loss });
    // Dashes, and their label above them: no curve lies there
    return hasColor(picture, INK.faint, { left: 600, top: row - 14, right: 925, bottom: row + 2 });
  };
  const expected = { minimax: true, hinge: true, "least-squares": false, wasserstein: false, rpgan: false };
  for (const [loss, marked] of Object.entries({ "non-saturating": true, ...expected })) {
    assertEquals(isMarked(loss as LossName), marked, loss);
  }
});

Deno.test("plotMetrics() leaves gaps where values are not finite", () => {
  for (const hole of [NaN, Infinity, -Infinity]) {
    const steps = 60;
    const picture = plotMetrics(
      run(steps, (step) => (step >= 20 && step <= 30 ? { generatorLoss: hole } : {})),
    );
    assertEquals(rowsOf(picture, ORANGE, columnOf(25, steps)), []);
    assert(rowsOf(picture, ORANGE, columnOf(10, steps)).length > 0);
    assert(rowsOf(picture, ORANGE, columnOf(40, steps)).length > 0);
    assert(rowsOf(picture, BLUE, columnOf(25, steps)).length > 0);
  }
});

Deno.test("plotMetrics() draws no steps, one step, and steps without a finite value", () => {
  assert(!hasColor(plotMetrics([]), ORANGE, UPPER));
  const one = plotMetrics(run(1));
  const middle = Math.floor((UPPER.left + UPPER.right) / 2);
  assert(rowsOf(one, ORANGE, middle).length >= 3, "a single step is a dot");
  const broken = run(
    30,
    () => ({ generatorLoss: NaN, discriminatorLossReal: NaN, discriminatorLossFake: NaN }),
  );
  assert(!hasColor(plotMetrics(broken), BLUE, UPPER));
});

Deno.test("plotMetrics() lays the smoothed course of a long run over its pale values", () => {
  const steps = 400;
  const picture = plotMetrics(run(steps, (step) => ({ dReal: step % 2 === 0 ? 0.9 : 0.7 })));
  const rowAt = (value: number): number => LOWER.bottom - (value + 0.03) / 1.06 * (LOWER.bottom - LOWER.top);
  const rows = rowsOf(picture, BLUE, 500, LOWER);
  assert(rows.length > 0 && rows.every((row) => Math.abs(row - rowAt(0.8)) < 2), `rows ${rows}`);
  const pale = pixel(picture, 500, Math.round(rowAt(0.76)));
  assert(pale[0]! < pale[2]! && pale[0]! > 120, `color ${pale}`);
});

Deno.test("plotMetrics() draws more steps than pixels as a band", () => {
  const picture = plotMetrics(run(20_000, (step) => ({ dReal: step % 2 === 0 ? 0.95 : 0.65 })));
  const rowAt = (value: number): number => LOWER.bottom - (value + 0.03) / 1.06 * (LOWER.bottom - LOWER.top);
  const inside = pixel(picture, 520, Math.round(rowAt(0.7)));
  assertEquals(inside, BLUE.map((value) => Math.round(255 + (value - 255) * 0.28)));
  assertEquals(pixel(picture, 520, Math.round(rowAt(0.61))), [...WHITE]);
  assert(rowsOf(picture, BLUE, 500, LOWER).length > 0);
});

Deno.test("plotMetrics() keeps losses apart when one step is huge", () => {
  const picture = plotMetrics(run(500, (step) => step === 250 ? { generatorLoss: 1e6 } : {}));
  const [generator, real] = [rowsOf(picture, ORANGE, 200)[0]!, rowsOf(picture, BLUE, 200)[0]!];
  assert(real - generator > 50, `${real - generator} pixels between 4 and 2`);
});

Deno.test("plotMetrics() gives the same bytes for the same numbers, and takes other sizes", () => {
  assertEquals(plotMetrics(run(200)).data, plotMetrics(run(200)).data);
  const small = plotMetrics(run(200), { width: 720, height: 400 });
  assertEquals(small.data.length, 720 * 400 * 3);
  assertThrows(
    () => plotMetrics([], { width: 100 }),
    RangeError,
    "Cannot draw a plot: width must be a whole number from 720 to 8192, found 100",
  );
});

Deno.test("roundTicks() takes steps of 1, 2 or 5", () => {
  assertEquals(roundTicks(0, 1, 5), {
    values: [0, 1, 2, 3, 4, 5].map((i) => i * 0.2),
    labels: ["0", "0.2", "0.4", "0.6", "0.8", "1.0"],
  });
  assertEquals(roundTicks(1, 20_000, 5).labels, ["5,000", "10,000", "15,000", "20,000"]);
  assertEquals(roundTicks(-3, 4, 4).values, [-2, 0, 2, 4]);
  assertEquals(roundTicks(1, 3, 9, 1).values, [1, 2, 3]);
  assertEquals(roundTicks(0, 3e12, 3).labels, ["0", "1e12", "2e12", "3e12"]);
});

Deno.test("formatNumber() writes thousands with commas and extremes with an exponent", () => {
  assertEquals(formatNumber(0, 2), "0");
  assertEquals(formatNumber(12_345.5, 1), "12,345.5");
  assertEquals(formatNumber(5e-8, 8), "5e-8");
  assertEquals(formatNumber(1.25e10, 0), "1.25e10");
});

Deno.test("rangeOf() cuts off spikes, says so, and includes 0", () => {
  const calm = Float64Array.from({ length: 200 }, (_, i) => 1 + (i % 10) / 10);
  const whole = rangeOf([calm]);
  assert(whole.low <= 0 && whole.low > -0.1 && whole.high > 1.9 && whole.high < 2.1);
  assertEquals([whole.outside, whole.farthest], [0, undefined]);
  const spiked = rangeOf([calm, Float64Array.of(900, NaN, -700, Infinity)]);
  assertEquals([spiked.outside, spiked.farthest], [2, 900]);
  assert(spiked.high < 3 && spiked.low > -1, `${spiked.low} to ${spiked.high}`);
  assertEquals(rangeOf([Float64Array.of(NaN)]), { low: 0, high: 1, outside: 0, farthest: undefined });
  const zeros = rangeOf([new Float64Array(5)]);
  assert(zeros.low < zeros.high);
});

Deno.test("toColumns() gathers by pixel and leaves out what is not finite", () => {
  const places = Float64Array.of(1.1, 1.4, 1.9, 2.5, 3.5);
  const each = Float64Array.of(1, NaN, 3, NaN, 7);
  const values = { low: each, high: each, mean: each, weight: Float64Array.of(1, 0, 1, 0, 1) };
  assertEquals(toColumns(places, values, true), [
    { x: 1.5, low: 1, high: 3, mean: 2 },
    { x: 2.5, low: NaN, high: NaN, mean: NaN },
    { x: 3.5, low: 7, high: 7, mean: 7 },
  ]);
  assertEquals(toColumns(places, values, false).map(({ x, mean }) => [x, mean])[2], [1.9, 3]);
});

Deno.test("smooth() keeps constants and gaps, and halves differences", () => {
  assertEquals(smooth([2, 2, NaN, 2], 1), [2, 2, NaN, 2]);
  const course = smooth([0, 0, 0, 0, 10, 10, 10, 10], 1);
  assert(course.every((value, i) => i === 0 || value >= course[i - 1]!));
  assert(Math.abs(course[3]! + course[4]! - 10) < 1e-9);
});

Deno.test("strokePaths() covers pixels by their share, and none twice", () => {
  const raster = new Raster(20, 20, WHITE);
  const cross = [[[2, 10], [18, 10]], [[10, 2], [10, 18]], [[2, 10], [18, 10]]] as const;
  strokePaths(raster, cross, { color: BLACK, thickness: 2, opacity: 0.5 });
  assertEquals(pixel(raster, 6, 9), pixel(raster, 9, 9));
  assertEquals(pixel(raster, 6, 9), [128, 128, 128]);
  assertEquals(pixel(raster, 6, 5), [...WHITE]);
  const clipped = new Raster(20, 20, WHITE);
  strokePaths(clipped, [[[-50, 5], [50, 5]]], {
    color: BLACK,
    thickness: 3,
    clip: { left: 5, top: 0, right: 10, bottom: 20 },
  });
  assertEquals([4, 5, 9, 10].map((x) => pixel(clipped, x, 5)[0]), [255, 0, 0, 255]);
});

Deno.test("drawText() keeps to the width that measureText() says", () => {
  const text = "Losses: D(G(z)), 1,234.5";
  const width = measureText(text);
  const raster = new Raster(width + 40, 30, WHITE);
  drawText(raster, text, 20, 20, { color: BLACK });
  let [left, right] = [Infinity, -Infinity];
  for (let x = 0; x < raster.width; x++) {
    for (let y = 0; y < raster.height; y++) {
      if (pixel(raster, x, y)[0]! < 200) [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  assert(left >= 19 && left <= 21, `left ${left}`);
  assert(Math.abs(right - 20 - width) <= 2, `right ${right - 20} of ${width}`);
  assertEquals(measureText(""), 0);
});

Deno.test("glyphOf() has a drawing within bounds for every printable character", () => {
  const box = JSON.stringify(glyphOf("\u{1f600}"));
  for (let code = 33; code < 127; code++) {
    const { width, paths } = glyphOf(String.fromCharCode(code));
    assert(JSON.stringify({ width, paths }) !== box, String.fromCharCode(code));
    for (const [x, y] of paths.flat()) {
      assert(x >= 0 && x <= width && y >= 0 && y <= 18, `${String.fromCharCode(code)}: ${x}, ${y}`);
    }
  }
  assertEquals(glyphOf(" ").paths, []);
});

Deno.test("plotMetrics() shows scores in a third panel, at the steps that have them", () => {
  const scores = [10, 30, 50].map((step) => ({
    step,
    samples: 100,
    pictures: 100,
    scores: { swd: { value: 100 - step, error: 1 } },
  }));
  const picture = plotMetrics(run(50), { scores });
  assertEquals([picture.width, picture.height], [960, 980]);
  const top = 84 + 2 * (Math.floor((980 - 84 - 2 * 56 - 62) / 3) + 56);
  const box = { ...LOWER, top, bottom: 980 - 62 };
  const rows = [10, 30, 50].map((step) => rowsOf(picture, ORANGE, columnOf(step, 50), box)[0]!);
  assert(rows[0]! < rows[1]! && rows[1]! < rows[2]!, `${rows}`);
  // Nothing before the first score
  assertEquals(rowsOf(picture, ORANGE, columnOf(5, 50), box), []);
  // A score that is not there leaves the panel out
  assertEquals(plotMetrics(run(50), { scores, scoreBy: "frechet" }).height, 720);
});

Deno.test("plotMetrics() has panels for penalties and for what changes, if a run has them", () => {
  const heights = (change: Partial<StepMetrics>) => plotMetrics(run(50, () => change)).height;
  const all = [heights({ penalties: 1 }), heights({ learningRate: 1 }), heights({ r1: 0, penalties: 1 })];
  assertEquals(all, [980, 980, 1240]);
  const picture = plotMetrics(run(50, (step) => ({ r1: 20 - 0.2 * step, learningRate: 1e-4 })));
  const top = 84 + 2 * (Math.floor((980 - 84 - 2 * 56 - 62) / 3) + 56);
  const box = { ...LOWER, top, bottom: 980 - 62 };
  // Each as a share of its own largest value: of R1 that is 19.8
  const rowAt = (share: number): number => box.bottom - (share + 0.03) / 1.06 * (box.bottom - box.top);
  for (const [color, share] of [[ORANGE, 1], [BLUE, 10 / 19.8]] as const) {
    const [row] = rowsOf(picture, color, columnOf(50, 50), box);
    assert(Math.abs(row! + 0.5 - rowAt(share)) <= 2, `row ${row} for ${share}`);
  }
});
