import type { FloatMemory } from "../../kernel/float_memory.ts";
import { f32, type KernelPart, read, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { reducingRows, type RowGroups } from "./channel_rows.ts";
import { MOMENTS_BLOCK, MOMENTS_ROWS, momentsIterations } from "../reductions/row_iterations.ts";
import {
  mergeParts,
  partialsPart,
  reduceRows,
  type Reduction,
  type RowParts,
  unrolled,
} from "./row_parts.ts";

/** Tensors that hold what evaluation normalizes with, updated in place. */
export interface RunningStatistics {
  /** `[channels]`. */
  readonly mean: Tensor;
  /** `[channels]`, unbiased. */
  readonly variance: Tensor;
  /** Share of the batch in the new value. */
  readonly momentum: number;
}

/** What becomes of the mean and the variance of rows. */
export interface StatisticsUse {
  /** Scale, `[channels]`. */
  readonly weight: Tensor;
  /** Shift, `[channels]`. */
  readonly bias: Tensor;
  /** Added to the variance. */
  readonly eps: number;
  /** Updated by each group in turn, as `torch.nn.BatchNorm2d` does: with the unbiased variance, or 0 of a single row. */
  readonly running?: RunningStatistics | undefined;
}

/**
 * The mean and the sum of squares of the distances from it, of parts of the rows, for each channel. Whatever computes
 * the rows can leave these behind instead of this pass over them. Adds the number of groups to `batchesTracked`.
 *
 * Each thread takes eight rows at a time: mean and squares of the eight first, then both merged into what it has (Chan,
 * Golub and LeVeque 1979), as distances from the first row of its block. Neither a mean far from zero nor many rows
 * cost precision, and a constant channel has squares of exactly 0.
 */
export function partialStatistics(x: Tensor, rows: RowGroups, batchesTracked?: Tensor): RowParts {
  const layout = reducingRows(x.device, rows);
  const source = read(x, layout.type);
  return reduceRows(x.device, layout, MOMENTS, {
    label: "batch norm partial statistics",
    reads: { x: source },
    buffers: batchesTracked ? { batches_tracked: update(batchesTracked) } : {},
    uniforms: { groups: u32(layout.groups) },
    iterationsOf: momentsIterations,
    lines: momentsLines(source, layout.type),
    keep: ["pivot + found.mean", "found.squares"],
    end: batchesTracked
      ? "  if (thread == 0u && all(group == vec3u())) { batches_tracked[0] += params.groups; }"
      : "",
  });
}

/**
 * Statements that find the moments of the thread's rows, as distances from the `pivot` above them: see
 * {@linkcode partialStatistics}. {@linkcode MOMENTS} must be declared.
 */
export function momentsLines({ load }: FloatMemory, type: string): string {
  return `  let pivot = ${load("x[top * params.width + clamped]")};
  var found = Moments();
  while (row + 7u * height < end) {
    var block = Moments();
    let stop = min(end, row + ${MOMENTS_ROWS * MOMENTS_BLOCK}u * height);
    for (; row + 7u * height < stop; row += 8u * height) {
      let at = row * params.width + column;
      let step = height * params.width;
${unrolled(MOMENTS_ROWS, (k) => `      let v${k} = ${load(`x[at + ${k}u * step]`)} - pivot;`)}
      let mean = (((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7))) * 0.125;
${unrolled(MOMENTS_ROWS, (k) => `      let d${k} = v${k} - mean;`)}
      let squares = ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3)) + ((d4 * d4 + d5 * d5) + (d6 * d6 + d7 * d7));
      block = merge(block, Moments(8.0, mean, squares));
    }
    found = merge(found, block);
  }
  for (; row < end; row += height) {
    found = merge(found, Moments(1.0, ${load("x[row * params.width + column]")} - pivot, ${type}()));
  }`;
}

/**
 * Merges the parts to `[groups, 4, channels]`: the mean, the reciprocal standard deviation `1 / sqrt(variance + eps)`
 * with the biased variance, and what to multiply the distance from the mean with (`weight` times that) and to add
 * then (`bias`).
 */
export function mergeStatistics(parts: RowParts, use: StatisticsUse): Tensor {
  const { groups, channels } = parts.layout;
  const statistics = parts.values.device.empty([groups, 4, channels]);
  mergeParts(parts, MOMENTS, {
    label: "batch norm statistics",
    parts: [mergePart(parts, use, statistics)],
    part: "part_of(batch, part, column, pivot)",
    lines: {
      before: "    let pivot = partials[batch * params.parts * 2u * params.width + clamped];",
      after: `    if (line == 0u && inside) {
      found.mean += pivot;
      store_statistics(batch, column, found);
      update_running(column, found);
    }`,
    },
  });
  return statistics;
}

/** A kernel's part in which `moments_of` merges all parts of a group in order. {@linkcode MOMENTS} must be declared. */
export function mergePart(parts: RowParts, use: StatisticsUse, statistics: Tensor): KernelPart {
  const { type } = parts.layout;
  const [partials, stored] = [partialsPart(parts), storePart(type, use, statistics)];
  return {
    buffers: { ...partials.buffers, ...stored.buffers },
    uniforms: { ...partials.uniforms, ...stored.uniforms },
    declarations: `fn part_of(batch: u32, part: u32, column: u32, pivot: ${type}) -> Moments {
  let at = (batch * params.parts + part) * 2u * params.width + column;
  let count = f32(min(params.part_rows, params.group_rows - part * params.part_rows));
  return Moments(count, partials[at] - pivot, partials[at + params.width]);
}
fn moments_of(batch: u32, column: u32) -> Moments {
  let pivot = partials[batch * params.parts * 2u * params.width + column];
  var found = Moments();
  for (var part = 0u; part < params.parts; part += 1u) { found = merge(found, part_of(batch, part, column, pivot)); }
  found.mean += pivot;
  return found;
}
${stored.declarations}`,
  };
}

/**
 * A kernel's part in which `store_statistics` writes those of a group, and `update_running` updates the running ones.
 * {@linkcode MOMENTS} must be declared.
 */
export function storePart(type: string, use: StatisticsUse, statistics: Tensor): KernelPart {
  const { weight, bias, eps, running } = use;
  const array = `array<${type}>` as const;
  return {
    buffers: {
      weight: read(weight, array),
      bias: read(bias, array),
      statistics: write(statistics, array),
      ...(running
        ? { running_mean: update(running.mean, array), running_variance: update(running.variance, array) }
        : {}),
    },
    uniforms: { eps: f32(eps), momentum: f32(running?.momentum ?? 0) },
    declarations:
      `fn invstd_of(moments: Moments) -> ${type} { return 1.0 / sqrt(moments.squares / moments.count + params.eps); }
fn store_statistics(batch: u32, column: u32, moments: Moments) {
  let at = batch * 4u * params.width + column;
  let invstd = invstd_of(moments);
  statistics[at] = moments.mean;
  statistics[at + params.width] = invstd;
  statistics[at + 2u * params.width] = weight[column] * invstd;
  statistics[at + 3u * params.width] = bias[column];
}
fn update_running(column: u32, moments: Moments) {${
        running
          ? `
  let unbiased = moments.squares / max(moments.count - 1.0, 1.0);
  let old = 1.0 - params.momentum;
  running_mean[column] = old * running_mean[column] + params.momentum * moments.mean;
  running_variance[column] = old * running_variance[column] + params.momentum * unbiased;
`
          : ""
      }}`,
  };
}

/** Count, mean and squares of the distances from it, and how two such are merged. */
export const MOMENTS: Reduction = {
  struct: "Moments",
  merge: "merge",
  shared: "shared_moments",
  declare: (type) =>
    `struct Moments { count: f32, mean: ${type}, squares: ${type} }
fn merge(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let delta = b.mean - a.mean;
  return Moments(count, a.mean + delta * share, a.squares + b.squares + delta * delta * (a.count * share));
}`,
};
