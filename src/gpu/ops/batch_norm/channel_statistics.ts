import { type FloatMemory, memoryOf } from "../../kernel/float_memory.ts";
import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { defineKernel, type KernelSpec } from "../../kernel/kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  channelGrid,
  reducingRows,
  ROW_FIELDS,
  type RowGroups,
  rowValues,
  threadRows,
  walk,
} from "./channel_rows.ts";
import { MOMENTS_BLOCK, MOMENTS_ROWS, momentsIterations } from "../reductions/row_iterations.ts";
import { PART_FIELDS, partsLayout, partValues, type RowParts } from "./row_parts.ts";

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
  const memory = memoryOf(x, type);
  const kernel = defineKernel({
    label: "batch norm partial statistics",
    bindings: {
      x: ["read", memory.array],
      partials: ["write", `array<${type}>`],
      ...(batchesTracked ? { batches_tracked: ["update", "array<u32>"] } as const : {}),
    },
    uniforms: { ...ROW_FIELDS, groups: "u32" },
    workgroup: threads,
    declarations: treeDeclarations(type, threads),
    iterations: (sizes) =>
      momentsIterations(threadRows(sizes, threads)) +
      treeIterations(threads / sizes.lanes!),
    body: `${walk(threads)}
${momentsLines(memory, type)}
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
  const values = x.device.empty([groups, layout.blocks, 2, rows.channels]);
  x.device.launch(
    kernel,
    { x, partials: values, ...(batchesTracked ? { batches_tracked: batchesTracked } : {}) },
    { ...rowValues(layout), groups },
    channelGrid(layout),
  );
  return { values, layout };
}

/**
 * Statements that find the moments of the thread's rows, as distances from the `pivot` above them: see
 * {@linkcode partialStatistics}. {@linkcode momentsDeclaration} must stand before.
 */
export function momentsLines({ load }: FloatMemory, type: string): string {
  return `  let pivot = ${load("x[top * params.width + near]")};
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
  const kernel = defineKernel({
    label: "batch norm statistics",
    bindings: mergeBindings(type, use),
    uniforms: { ...ROW_FIELDS, ...MERGE_FIELDS },
    workgroup: threads,
    declarations: `${treeDeclarations(type, threads)}\n${mergeDeclarations(type, use)}`,
    iterations: (sizes) =>
      loopIterations(
        sizes.groups!,
        loopIterations(threadRows(sizes, threads)) + treeIterations(threads / sizes.lanes!),
      ),
    body: `${walk(threads)}
  for (var batch = 0u; batch < params.groups; batch += 1u) {
    let pivot = partials[batch * params.parts * 2u * params.width + near];
    var found = Moments();
    for (var part = row; part < end; part += height) { found = merge(found, part_of(batch, part, column, pivot)); }
${treeLines}
    if (line == 0u && inside) {
      found.mean += pivot;
      keep(batch, column, found);
      follow(column, found);
    }
    workgroupBarrier();
  }`,
  });
  const statistics = device.empty([parts.layout.groups, 4, channels]);
  device.launch(
    kernel,
    mergeBuffers(parts, use, statistics),
    { ...rowValues(layout), ...mergeValues(parts, use) },
    channelGrid(layout),
  );
  return statistics;
}

/** Bindings of a kernel that merges parts, of elements of a type. */
export function mergeBindings(type: string, use: StatisticsUse): KernelSpec["bindings"] {
  return { partials: ["read", `array<${type}>`], ...keepBindings(type, use) };
}

/** Bindings of a kernel that keeps statistics, of elements of a type. */
export function keepBindings(type: string, { running }: StatisticsUse): KernelSpec["bindings"] {
  const array = `array<${type}>`;
  return {
    weight: ["read", array],
    bias: ["read", array],
    statistics: ["write", array],
    ...(running ? { running_mean: ["update", array], running_variance: ["update", array] } as const : {}),
  };
}

/** Buffers for {@linkcode mergeBindings}. */
export function mergeBuffers(
  parts: RowParts,
  use: StatisticsUse,
  statistics: Tensor,
): Record<string, Tensor> {
  return { partials: parts.values, ...keepBuffers(use, statistics) };
}

/** Buffers for {@linkcode keepBindings}. */
export function keepBuffers(
  { weight, bias, running }: StatisticsUse,
  statistics: Tensor,
): Record<string, Tensor> {
  return {
    weight,
    bias,
    statistics,
    ...(running ? { running_mean: running.mean, running_variance: running.variance } : {}),
  };
}

/** Uniform fields of a kernel that keeps statistics. */
export const KEEP_FIELDS: NonNullable<KernelSpec["uniforms"]> = { eps: "f32", momentum: "f32" };

/** Values of {@linkcode KEEP_FIELDS}. */
export function keepValues({ eps, running }: StatisticsUse): Record<string, number> {
  return { eps, momentum: running?.momentum ?? 0 };
}

/** Uniform fields of a kernel that merges parts. */
export const MERGE_FIELDS: NonNullable<KernelSpec["uniforms"]> = { ...PART_FIELDS, ...KEEP_FIELDS };

/** Values of {@linkcode MERGE_FIELDS}. */
export function mergeValues(parts: RowParts, use: StatisticsUse): Record<string, number> {
  return { ...partValues(parts), ...keepValues(use) };
}

/**
 * Functions of a kernel that merges parts: `moments_of` merges all of a group in order; and those of
 * {@linkcode keepDeclarations}. Those of {@linkcode momentsDeclaration} must stand before them.
 */
export function mergeDeclarations(type: string, use: StatisticsUse): string {
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
}
${keepDeclarations(type, use)}`;
}

/**
 * Functions of a kernel that keeps statistics: `keep` writes those of a group, and `follow` updates the running ones.
 * Those of {@linkcode momentsDeclaration} must stand before them.
 */
export function keepDeclarations(type: string, { running }: StatisticsUse): string {
  return `fn rstd_of(moments: Moments) -> ${type} { return 1.0 / sqrt(moments.squares / moments.count + params.eps); }
fn keep(batch: u32, column: u32, moments: Moments) {
  let at = batch * 4u * params.width + column;
  let rstd = rstd_of(moments);
  statistics[at] = moments.mean;
  statistics[at + params.width] = rstd;
  statistics[at + 2u * params.width] = weight[column] * rstd;
  statistics[at + 3u * params.width] = bias[column];
}
fn follow(column: u32, moments: Moments) {${
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
