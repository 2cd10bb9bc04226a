import type { Wanted } from "../../autograd/origin.ts";
import type { FloatMemory } from "../../kernel/float_memory.ts";
import { type KernelPart, read, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { SUM_ROWS, sumIterations } from "../reductions/row_iterations.ts";
import { gradientPass, loadStatistics, type Normalization } from "./batch_norm_kernels.ts";
import { columnType, reducingRows } from "./channel_rows.ts";
import {
  mergeParts,
  partialsPart,
  reduceRows,
  type Reduction,
  type RowParts,
  unrolled,
} from "./row_parts.ts";

/** The gradients of scale and shift, as the end of a kernel. */
export interface VectorGradients extends KernelPart {
  /** The gradients of scale and shift, null if not wanted. */
  readonly tensors: readonly [weight: Tensor | null, bias: Tensor | null];
  /** Statements that store the `total` of a column: the gradient itself, and its product with the normalized value. */
  readonly lines: string;
}

/** Where the wanted gradients of scale and shift go. */
export function vectorGradients(
  { x, rows: { channels } }: Normalization,
  wanted: { readonly weight: Wanted | null; readonly bias: Wanted | null },
): VectorGradients {
  const found = ([["weight", "dot"], ["bias", "sum"]] as const).map(([name, sum]) => {
    const target = wanted[name];
    if (!target) return { tensor: null, buffers: {}, line: "" };
    const tensor = target.into ?? x.device.empty([channels]);
    const adding = target.into !== undefined && target.accumulate === true;
    return {
      tensor,
      buffers: { [`${name}_gradient`]: (adding ? update : write)(tensor, `array<${columnType(channels)}>`) },
      line: `    ${name}_gradient[column] ${adding ? "+=" : "="} total.${sum};\n`,
    };
  });
  const [weight, bias] = [found[0]!, found[1]!];
  return {
    tensors: [weight.tensor, bias.tensor],
    buffers: { ...weight.buffers, ...bias.buffers },
    lines: weight.line + bias.line,
  };
}

/**
 * Adds parts up in a launch of its own: writes (or adds to) the gradients of scale and shift, and the corrections
 * `[groups, 2, channels]`: what to take off the gradient, and what to take off for each unit of distance from the mean.
 */
export function addUp(
  n: Normalization,
  parts: RowParts,
  of: VectorGradients,
  corrections: Tensor | null,
): void {
  const array = `array<${parts.layout.type}>` as const;
  const buffers = {
    statistics: read(n.statistics, array),
    ...(corrections ? { corrections: write(corrections, array) } : {}),
  };
  mergeParts(parts, SUMS, {
    label: "batch norm gradient sums",
    parts: [partialsPart(parts), { buffers, declarations: partDeclaration }, of],
    part: "part_of(batch, part, column)",
    lines: {
      start: "  var total = Sums();",
      after: `    let invstd = statistics[(batch * 4u + 1u) * params.width + clamped];
    total = join(total, Sums(found.sum, found.dot * invstd));
${
        corrections
          ? `    if (line == 0u && inside) {
      let at = batch * 2u * params.width + column;
      corrections[at] = found.sum / f32(params.group_rows);
      corrections[at + params.width] = found.dot * invstd * invstd / f32(params.group_rows);
    }`
          : ""
      }`,
      end: `  if (line == 0u && inside) {\n${of.lines}  }`,
    },
  });
}

/**
 * Sums of the gradient, and of its product with the distance from the mean. Four rows are added up before they join the
 * sum so far, which keeps long sums precise.
 */
export function partialSums(n: Normalization, gradient: Tensor): RowParts {
  const layout = reducingRows(n.x.device, n.rows);
  const { source, upstream, buffers, slope, declarations } = gradientPass(n, gradient, layout.type);
  return reduceRows(n.x.device, layout, SUMS, {
    label: "batch norm partial gradient sums",
    reads: buffers,
    uniforms: slope,
    declarations,
    iterationsOf: sumIterations,
    lines: `${loadStatistics("group.z")}\n${sumLines(source, upstream)}`,
    keep: ["found.sum", "found.dot"],
  });
}

/**
 * Statements that find the sums over the thread's rows. Those of {@linkcode SUMS} and `activation_gradient` must be
 * declared, and the statistics must be loaded.
 */
export function sumLines(source: FloatMemory, upstream: FloatMemory): string {
  const dy = (at: string, centered: string) =>
    `activation_gradient(${upstream.load(`gradient[${at}]`)}, ${centered} * scale + shift)`;
  return `  var found = Sums();
  let step = height * params.width;
  for (; row + ${SUM_ROWS - 1}u * height < end; row += ${SUM_ROWS}u * height) {
    let at = row * params.width + column;
${unrolled(SUM_ROWS, (k) => `    let d${k} = ${source.load(`x[at + ${k}u * step]`)} - mean;`)}
${unrolled(SUM_ROWS, (k) => `    let f${k} = ${dy(`at + ${k}u * step`, `d${k}`)};`)}
    found.sum += (f0 + f1) + (f2 + f3);
    found.dot += (f0 * d0 + f1 * d1) + (f2 * d2 + f3 * d3);
  }
  for (; row < end; row += height) {
    let at = row * params.width + column;
    let centered = ${source.load("x[at]")} - mean;
    let dy = ${dy("at", "centered")};
    found = join(found, Sums(dy, dy * centered));
  }`;
}

/** The two sums. */
export const SUMS: Reduction = {
  struct: "Sums",
  merge: "join",
  shared: "shared_sums",
  declare: (type) =>
    `struct Sums { sum: ${type}, dot: ${type} }
fn join(a: Sums, b: Sums) -> Sums { return Sums(a.sum + b.sum, a.dot + b.dot); }`,
};

/** Reads one part of a column. {@linkcode SUMS} must be declared before. */
export const partDeclaration: string = `fn part_of(batch: u32, part: u32, column: u32) -> Sums {
  let at = (batch * params.parts + part) * 2u * params.width + column;
  return Sums(partials[at], partials[at + params.width]);
}`;
