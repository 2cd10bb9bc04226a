import type { Device } from "../device.ts";
import { defineKernel } from "../kernel.ts";
import type { Tensor } from "../tensor.ts";
import { channelGrid, type ChannelRows, channelRows, ROW_FIELDS, rowValues, walk } from "./channel_rows.ts";

/** Partial results of a reduction over rows at most: enough to fill a GPU, few enough to add up in one workgroup. */
export const MAX_PARTIALS = 256;

/** Tensors that hold what evaluation normalises with, updated in place by {@linkcode mergeStatistics}. */
export interface RunningStatistics {
  /** `[channels]`. */
  mean: Tensor;
  /** `[channels]`, unbiased. */
  variance: Tensor;
  /** Share of the batch in the new value. */
  momentum: number;
  /** u32 `[1]`, incremented. */
  batchesTracked?: Tensor | undefined;
}

/**
 * Statistics of parts of the rows, for each channel: `[parts, 3, channels]` of count, mean, and the sum of squares of
 * the distances from that mean. Whatever computes the rows can leave these behind instead of this pass over them.
 *
 * Each thread takes eight rows at a time: mean and squares of the eight first, then both merged into what it has (Chan,
 * Golub and LeVeque 1979), as distances from the first row of its block. Neither a mean far from zero nor many rows
 * cost precision, and a constant channel has squares of exactly 0.
 */
export function partialStatistics(x: Tensor, rows: number, channels: number): Tensor {
  const layout = channelRows(x.device, rows, channels, MAX_PARTIALS);
  const { type, threads, width } = layout;
  const kernel = defineKernel({
    label: "batch norm partial statistics",
    bindings: { x: ["read", `array<${type}>`], partials: ["write", `array<${type}>`] },
    uniforms: ROW_FIELDS,
    workgroup: threads,
    declarations: mergeDeclarations(type, threads),
    body: `${walk(threads)}
  let pivot = x[top * params.width + min(column, params.width - 1u)];
  var found = Moments();
  for (; row + 7u * height < end; row += 8u * height) {
    let at = row * params.width + column;
    let step = height * params.width;
${eight((k) => `    let v${k} = x[at + ${k}u * step] - pivot;`).join("\n")}
    let mean = (((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7))) * 0.125;
${eight((k) => `    let d${k} = v${k} - mean;`).join("\n")}
    let squares = ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3)) + ((d4 * d4 + d5 * d5) + (d6 * d6 + d7 * d7));
    found = merge(found, Moments(8.0, mean, squares));
  }
  for (; row < end; row += height) {
    found = merge(found, Moments(1.0, x[row * params.width + column] - pivot, ${type}()));
  }
${mergeLines}
  if (line == 0u && inside) {
    let at = group.y * 3u * params.width + column;
    partials[at] = ${type}(found.count);
    partials[at + params.width] = pivot + found.mean;
    partials[at + 2u * params.width] = found.squares;
  }`,
  });
  const partials = x.device.empty([layout.blocks, 3, width * (type === "vec4f" ? 4 : 1)]);
  x.device.launch(kernel, { x, partials }, rowValues(layout), channelGrid(layout));
  return partials;
}

/**
 * Merges partial statistics to `[2, channels]`: the mean, and `1 / sqrt(variance + eps)` with the biased variance.
 * Updates the running statistics in the same launch, as `torch.nn.BatchNorm2d` does: with the unbiased variance, or 0
 * where there is a single row.
 */
export function mergeStatistics(partials: Tensor, eps: number, running?: RunningStatistics): Tensor {
  const [parts, , channels] = partials.shape as [number, number, number];
  const layout = partsLayout(partials.device, parts, channels);
  const { type, threads } = layout;
  const tracked = running?.batchesTracked;
  const kernel = defineKernel({
    label: "batch norm statistics",
    bindings: {
      partials: ["read", `array<${type}>`],
      statistics: ["write", `array<${type}>`],
      ...(running
        ? {
          running_mean: ["update", `array<${type}>`],
          running_variance: ["update", `array<${type}>`],
        } as const
        : {}),
      ...(tracked ? { batches_tracked: ["update", "array<u32>"] } as const : {}),
    },
    uniforms: { ...ROW_FIELDS, eps: "f32", momentum: "f32" },
    workgroup: threads,
    declarations: mergeDeclarations(type, threads),
    body: `${walk(threads)}
  let start = min(column, params.width - 1u);
  let pivot = partials[params.width + start];
  var found = Moments();
  for (; row < end; row += height) {
    let at = row * 3u * params.width + column;
    let count = ${type === "vec4f" ? "partials[at].x" : "partials[at]"};
    found = merge(found, Moments(count, partials[at + params.width] - pivot, partials[at + 2u * params.width]));
  }
${mergeLines}
  if (line == 0u && inside) {
    let mean = pivot + found.mean;
    statistics[column] = mean;
    statistics[params.width + column] = 1.0 / sqrt(found.squares / found.count + params.eps);
${
      running
        ? `    let unbiased = found.squares / max(found.count - 1.0, 1.0);
    let old = 1.0 - params.momentum;
    running_mean[column] = old * running_mean[column] + params.momentum * mean;
    running_variance[column] = old * running_variance[column] + params.momentum * unbiased;`
        : ""
    }
${tracked ? "    if (column == 0u) { batches_tracked[0] += 1u; }" : ""}
  }`,
  });
  const statistics = partials.device.empty([2, channels]);
  partials.device.launch(
    kernel,
    {
      partials,
      statistics,
      ...(running ? { running_mean: running.mean, running_variance: running.variance } : {}),
      ...(tracked ? { batches_tracked: tracked } : {}),
    },
    { ...rowValues(layout), eps, momentum: running?.momentum ?? 0 },
    channelGrid(layout),
  );
  return statistics;
}

/** What {@linkcode mergeStatistics} gives, from running statistics. A copy, so that later updates change no gradient. */
export function runningStatistics(mean: Tensor, variance: Tensor, eps: number): Tensor {
  const channels = mean.size;
  const kernel = defineKernel({
    label: "batch norm running statistics",
    bindings: {
      mean: ["read", "array<f32>"],
      variance: ["read", "array<f32>"],
      statistics: ["write", "array<f32>"],
    },
    uniforms: { channels: "u32", eps: "f32" },
    body: `  if (index >= params.channels) { return; }
  statistics[index] = mean[index];
  statistics[params.channels + index] = 1.0 / sqrt(variance[index] + params.eps);`,
  });
  const statistics = mean.device.empty([2, channels]);
  mean.device.launch(kernel, { mean, variance, statistics }, { channels, eps }, [
    Math.ceil(channels / 64),
    1,
    1,
  ]);
  return statistics;
}

/** Layout of a launch that adds partial results up: all parts of a column in one workgroup. */
export function partsLayout(device: Device, parts: number, channels: number): ChannelRows {
  return channelRows(device, parts, channels, 1);
}

/** `make(0)` to `make(7)`. */
function eight(make: (k: number) => string): string[] {
  return Array.from({ length: 8 }, (_, k) => make(k));
}

/** Adds `found` of the threads of a column in a tree; the sum is in the first one's. */
const mergeLines = `  shared_moments[thread] = found;
  for (var half = height / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (line < half) {
      found = merge(found, shared_moments[thread + half * params.lanes]);
      shared_moments[thread] = found;
    }
  }`;

function mergeDeclarations(type: string, threads: number): string {
  return `struct Moments { count: f32, mean: ${type}, squares: ${type} }
var<workgroup> shared_moments: array<Moments, ${threads}>;
fn merge(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  let share = b.count / max(count, 1.0);
  let delta = b.mean - a.mean;
  return Moments(count, a.mean + delta * share, a.squares + b.squares + delta * delta * (a.count * share));
}`;
}
