import { MOMENTS_BLOCK, MOMENTS_ROWS, momentsIterations } from "../reductions/row_iterations.ts";
import type { ColumnType } from "./channel_rows.ts";
import { type Reduction, unrolled } from "./row_parts.ts";
import type { FirstReading } from "./summed_rows.ts";

/**
 * The mean of each channel, and the sum of squares of the distances from it.
 *
 * Each thread takes eight rows at a time: mean and squares of the eight first, then both merged into what it has (Chan,
 * Golub and LeVeque 1979), as distances from the first row of its block, the `pivot`. Neither a mean far from zero nor
 * many rows cost precision, and a constant channel has squares of exactly 0.
 */
export function moments({ value, again, iterationsEach }: FirstReading, type: ColumnType): Reduction {
  return {
    struct: "Moments",
    merge: "merge",
    declarations: `struct Moments { count: f32, mean: ${type}, squares: ${type} }
fn merge(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let delta = b.mean - a.mean;
  return Moments(count, a.mean + delta * share, a.squares + b.squares + delta * delta * (a.count * share));
}`,
    iterationsOf: (rows) => momentsIterations(rows) + (rows + 1) * iterationsEach,
    lines: `  let pivot = ${again("top * params.width + clamped")};
  var found = Moments();
  while (row + 7u * height < end) {
    var block = Moments();
    let stop = min(end, row + ${MOMENTS_ROWS * MOMENTS_BLOCK}u * height);
    for (; row + 7u * height < stop; row += 8u * height) {
      let at = row * params.width + column;
      let step = height * params.width;
${unrolled(MOMENTS_ROWS, (k) => `      let v${k} = ${value(`at + ${k}u * step`)} - pivot;`)}
      let mean = (((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7))) * 0.125;
${unrolled(MOMENTS_ROWS, (k) => `      let d${k} = v${k} - mean;`)}
      let squares = ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3)) + ((d4 * d4 + d5 * d5) + (d6 * d6 + d7 * d7));
      block = merge(block, Moments(8.0, mean, squares));
    }
    found = merge(found, block);
  }
  for (; row < end; row += height) {
    found = merge(found, Moments(1.0, ${value("row * params.width + column")} - pivot, ${type}()));
  }`,
    finish: "  found.mean += pivot;",
    kept: ["mean", "squares"],
    begin: (at) => `  let pivot = partials[${at}];`,
    restored:
      "Moments(f32(min(params.part_rows, params.group_rows - part * params.part_rows)), mean - pivot, squares)",
  };
}
