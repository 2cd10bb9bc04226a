import type { FloatMemory } from "../../kernel/float_memory.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { f32, type KernelPart, read, runKernel, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { channelGrid, layoutPart, reducingRows, type RowGroups, threadRows, walk } from "./channel_rows.ts";
import { MOMENTS_BLOCK, MOMENTS_ROWS, momentsIterations } from "../reductions/row_iterations.ts";
import { partialsPart, partsLayout, type RowParts } from "./row_parts.ts";

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
  const { type, threads, groups } = layout;
  const source = read(x, type);
  const values = x.device.empty([groups, layout.blocks, 2, rows.channels]);
  runKernel(x.device, {
    label: "batch norm partial statistics",
    parts: [layoutPart(layout)],
    buffers: {
      x: source,
      partials: write(values, `array<${type}>`),
      ...(batchesTracked ? { batches_tracked: update(batchesTracked) } : {}),
    },
    uniforms: { groups: u32(groups) },
    workgroup: threads,
    declarations: treeDeclarations(type, threads),
    iterations: momentsIterations(threadRows(layout)) + treeIterations(threads / layout.lanes),
    grid: channelGrid(layout),
    body: `${walk(threads)}
${momentsLines(source, type)}
${treeLines}
  if (line == 0u && inside) {
    let at = (group.z * groups.y + group.y) * 2u * params.width + column;
    partials[at] = pivot + found.mean;
    partials[at + params.width] = found.squares;
  }
${
      batchesTracked
        ? "  if (thread == 0u && all(group == vec3u())) { batches_tracked[0] += params.groups; }"
        : ""
    }`,
  });
  return { values, layout };
}

/**
 * Statements that find the moments of the thread's rows, as distances from the `pivot` above them: see
 * {@linkcode partialStatistics}. {@linkcode momentsDeclaration} must stand before.
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
${eight((k) => `      let v${k} = ${load(`x[at + ${k}u * step]`)} - pivot;`).join("\n")}
      let mean = (((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7))) * 0.125;
${eight((k) => `      let d${k} = v${k} - mean;`).join("\n")}
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
  const layout = partsLayout(parts);
  const { type, threads, channels } = layout;
  const { device } = parts.values;
  const statistics = device.empty([parts.layout.groups, 4, channels]);
  const rows = loopIterations(threadRows(layout)) + treeIterations(threads / layout.lanes);
  runKernel(device, {
    label: "batch norm statistics",
    parts: [
      layoutPart(layout),
      { declarations: treeDeclarations(type, threads) },
      mergePart(parts, use, statistics),
    ],
    workgroup: threads,
    iterations: loopIterations(parts.layout.groups, rows),
    grid: channelGrid(layout),
    body: `${walk(threads)}
  for (var batch = 0u; batch < params.groups; batch += 1u) {
    let pivot = partials[batch * params.parts * 2u * params.width + clamped];
    var found = Moments();
    for (var part = row; part < end; part += height) { found = merge(found, part_of(batch, part, column, pivot)); }
${treeLines}
    if (line == 0u && inside) {
      found.mean += pivot;
      store_statistics(batch, column, found);
      update_running(column, found);
    }
    workgroupBarrier();
  }`,
  });
  return statistics;
}

/** A kernel's part that merges the parts of statistics: see {@linkcode mergeDeclarations}. */
export function mergePart(parts: RowParts, use: StatisticsUse, statistics: Tensor): KernelPart {
  const { type } = parts.layout;
  const [partials, stored] = [partialsPart(parts), storePart(type, use, statistics)];
  return {
    buffers: { ...partials.buffers, ...stored.buffers },
    uniforms: { ...partials.uniforms, ...stored.uniforms },
    declarations: `${mergeDeclarations(type)}\n${stored.declarations}`,
  };
}

/** A kernel's part that stores statistics and updates the running ones: see {@linkcode storeDeclarations}. */
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
    declarations: storeDeclarations(type, running !== undefined),
  };
}

/** `moments_of` merges all parts of a group in order. {@linkcode momentsDeclaration} must stand before it. */
function mergeDeclarations(type: string): string {
  return `fn part_of(batch: u32, part: u32, column: u32, pivot: ${type}) -> Moments {
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
}`;
}

/**
 * `store_statistics` writes those of a group, and `update_running` updates the running ones. {@linkcode momentsDeclaration} must stand
 * before them.
 */
function storeDeclarations(type: string, running: boolean): string {
  return `fn invstd_of(moments: Moments) -> ${type} { return 1.0 / sqrt(moments.squares / moments.count + params.eps); }
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
  }}`;
}

/** Count, mean and squares of the distances from it, and how two such are merged. */
export function momentsDeclaration(type: string): string {
  return `struct Moments { count: f32, mean: ${type}, squares: ${type} }
fn merge(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let delta = b.mean - a.mean;
  return Moments(count, a.mean + delta * share, a.squares + b.squares + delta * delta * (a.count * share));
}`;
}

/** `make(0)` to `make(7)`. */
function eight(make: (k: number) => string): string[] {
  return Array.from({ length: 8 }, (_, k) => make(k));
}

/** Merges `found` of the threads of a column in a tree; all of them is in the first one's. */
const treeLines = `  shared_moments[thread] = found;
  for (var half = height / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (line < half) {
      found = merge(found, shared_moments[thread + half * params.lanes]);
      shared_moments[thread] = found;
    }
  }`;

function treeDeclarations(type: string, threads: number): string {
  return `${momentsDeclaration(type)}
var<workgroup> shared_moments: array<Moments, ${threads}>;`;
}
