import type { FloatMemory } from "../../kernel/float_memory.ts";
import { type FusedActivation, slopeOf } from "../../kernel/activation.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { f32, read, runKernel, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  channelGrid,
  type ChannelRows,
  channelRows,
  layoutPart,
  type RowGroups,
  threadRows,
  walk,
} from "./channel_rows.ts";
import { mergePart, mergeStatistics, momentsDeclaration, type StatisticsUse } from "./channel_statistics.ts";
import { mergeIterations, mergesInKernel, type RowParts } from "./row_parts.ts";

/** How rows were normalized, for their gradient. */
export interface Normalization {
  /** `[..., channels]`. */
  readonly x: Tensor;
  /** What `x` falls into. */
  readonly rows: RowGroups;
  /** `[groups, 4, channels]`: mean, reciprocal standard deviation, scale and shift of the distance from the mean. */
  readonly statistics: Tensor;
  /** Applied to the result. */
  readonly activation: FusedActivation | undefined;
}

/** `activation((x - mean) * scale + shift)`, in one launch. */
export function normalize({ x, rows, statistics, activation }: Normalization): Tensor {
  const layout = channelRows(x.device, rows);
  const output = x.device.empty(x.shape, x.dtype);
  const [source, target] = [read(x, layout.type), write(output, layout.type)];
  runKernel(x.device, {
    label: "batch norm",
    parts: [layoutPart(layout)],
    buffers: { x: source, statistics: read(statistics, `array<${layout.type}>`), output: target },
    uniforms: { slope: f32(slopeOf(activation)) },
    workgroup: layout.threads,
    iterations: loopIterations(threadRows(layout)),
    grid: channelGrid(layout),
    body: `${walk(layout.threads)}
${loadStatistics("group.z")}
${applyLines(layout, activation, source)}`,
  });
  return output;
}

/**
 * {@linkcode normalize} with the statistics of parts of the rows. Where there are few parts, each thread merges those of
 * its column by itself, and the first workgroups keep the result; else a launch of its own merges them.
 */
export function normalizeParts(
  x: Tensor,
  parts: RowParts,
  use: StatisticsUse,
  activation: FusedActivation | undefined,
): [output: Tensor, normalization: Normalization] {
  const { groups, rows, channels } = parts.layout;
  const size: RowGroups = { groups, rows, channels };
  if (!mergesInKernel(parts)) {
    const normalization = { x, rows: size, statistics: mergeStatistics(parts, use), activation };
    return [normalize(normalization), normalization];
  }
  const layout = channelRows(x.device, size);
  const { type, threads } = layout;
  const output = x.device.empty(x.shape, x.dtype);
  const [source, target] = [read(x, type), write(output, type)];
  const statistics = x.device.empty([groups, 4, channels]);
  runKernel(x.device, {
    label: "batch norm with statistics",
    parts: [
      layoutPart(layout),
      { buffers: { x: source }, declarations: momentsDeclaration(type) },
      mergePart(parts, use, statistics),
    ],
    buffers: { output: target },
    uniforms: { slope: f32(slopeOf(activation)) },
    workgroup: threads,
    iterations: mergeIterations(parts) + loopIterations(threadRows(layout)),
    grid: channelGrid(layout),
    body: `${walk(threads)}
  let moments = moments_of(group.z, clamped);
  let mean = moments.mean;
  let scale = weight[clamped] * invstd_of(moments);
  let shift = bias[clamped];
  if (group.y == 0u && line == 0u && inside) {
    store_statistics(group.z, column, moments);
    if (group.z == 0u) {
      for (var batch = 0u; batch < params.groups; batch += 1u) { update_running(column, moments_of(batch, column)); }
    }
  }
${applyLines(layout, activation, source)}`,
  });
  return [output, { x, rows: size, statistics, activation }];
}

/** Reads what belongs to the thread's column, in a group of rows. */
export const loadStatistics = (batch: string): string =>
  `  let base = ${batch} * 4u * params.width + clamped;
  let mean = statistics[base];
  let invstd = statistics[base + params.width];
  let scale = statistics[base + 2u * params.width];
  let shift = statistics[base + 3u * params.width];`;

/** Writes the result of the thread's rows. Comparisons are such that NaN stays NaN. */
export function applyLines(
  { type }: Pick<ChannelRows, "type">,
  activation: FusedActivation | undefined,
  memory: FloatMemory,
): string {
  const below = activation?.type === "relu" ? `${type}()` : "z * params.slope";
  return `  for (; row < end; row += height) {
    let at = row * params.width + column;
    let z = (${memory.load("x[at]")} - mean) * scale + shift;
    output[at] = ${memory.store(activation ? `select(z, ${below}, z <= ${type}())` : "z")};
  }`;
}

/** The gradient that reaches `z`, given the one of its activation. */
export function activationGradientDeclaration(activation: FusedActivation | undefined, type: string): string {
  const below = activation?.type === "relu" ? `${type}()` : "gradient * params.slope";
  return `fn activation_gradient(gradient: ${type}, z: ${type}) -> ${type} {
  return ${activation ? `select(gradient, ${below}, z <= ${type}())` : "gradient"};
}`;
}

/** Writes the gradient of the thread's rows; `corrected` by `grad_mean` and `proj_scale`. */
export function inputGradientLines(source: FloatMemory, upstream: FloatMemory, corrected: boolean): string {
  return `  for (; row < end; row += height) {
    let at = row * params.width + column;
    let centered = ${source.load("x[at]")} - mean;
    let dy = activation_gradient(${upstream.load("gradient[at]")}, centered * scale + shift);
    output[at] = ${source.store(`scale * ${corrected ? "(dy - grad_mean - centered * proj_scale)" : "dy"}`)};
  }`;
}
