import { SUM_ROWS, sumIterations } from "../reductions/row_iterations.ts";
import type { ColumnType } from "./channel_rows.ts";
import type { RowPart } from "./row_kernel.ts";
import { type Reduction, unrolled } from "./row_parts.ts";

/** What reads rows and their gradients. */
export interface GradientRows extends RowPart {
  /** WGSL type of a column. */
  readonly type: ColumnType;
  /** Iterations for a row. */
  readonly iterationsEach: number;
  /** WGSL of the distance from the mean at an index. */
  centered(at: string): string;
  /** WGSL of the gradient of the normalized value at an index, given its distance from the mean. */
  dy(at: string, centered: string): string;
}

/**
 * Sums of `dy`, and of its product with the distance from the mean. Four rows are added up before they join the sum so
 * far, which keeps long sums precise.
 */
export function gradientSums({ type, iterationsEach, centered, dy }: GradientRows): Reduction {
  return {
    struct: "Sums",
    merge: "join",
    declarations: `struct Sums { sum: ${type}, dot: ${type} }
fn join(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot); }`,
    iterationsOf: (rows) => sumIterations(rows) + rows * iterationsEach,
    lines: `  var found = Sums();
  let step = height * params.width;
  for (; row + ${SUM_ROWS - 1}u * height < end; row += ${SUM_ROWS}u * height) {
    let at = row * params.width + column;
${unrolled(SUM_ROWS, (k) => `    let d${k} = ${centered(`at + ${k}u * step`)};`)}
${unrolled(SUM_ROWS, (k) => `    let f${k} = ${dy(`at + ${k}u * step`, `d${k}`)};`)}
    found.sum += (f0 + f1) + (f2 + f3);
    found.dot += (f0 * d0 + f1 * d1) + (f2 * d2 + f3 * d3);
  }
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let centered = ${centered("at")};
    let dy = ${dy("at", "centered")};
    found = join(found, Sums(dy, dy * centered));
  }`,
    finish: "",
    kept: ["sum", "dot"],
    begin: () => "",
    restored: "Sums(sum, dot)",
  };
}
