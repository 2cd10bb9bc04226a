import type { FloatMemory } from "../../kernel/float_memory.ts";
import { type FusedActivation, slopeOf } from "../../kernel/activation.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { f32, type KernelPart, read, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ChannelRows, channelRows, type RowGroups, runRows, threadRows } from "./channel_rows.ts";
import { mergePart, mergeStatistics, MOMENTS, type StatisticsUse } from "./channel_statistics.ts";
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
export function normalize(n: Normalization): Tensor {
  const { type } = channelRows(n.x.device, n.rows);
  const buffers = { statistics: read(n.statistics, `array<${type}>`) };
  return normalizeRows("batch norm", n, { buffers, lines: loadStatistics("group.z") });
}

/**
 * {@linkcode normalize} with the statistics of parts of the rows. If there are few parts, each thread merges those of
 * its column by itself, and the first workgroups keep the result; else a launch of its own merges them.
 */
export function normalizeParts(
  x: Tensor,
  parts: RowParts,
  use: StatisticsUse,
  activation: FusedActivation | undefined,
): [output: Tensor, normalization: Normalization] {
  const { groups, rows, channels, type } = parts.layout;
  const of = (statistics: Tensor) => ({ x, rows: { groups, rows, channels }, statistics, activation });
  if (!mergesInKernel(parts)) {
    const n = of(mergeStatistics(parts, use));
    return [normalize(n), n];
  }
  const output = x.device.empty(x.shape, x.dtype);
  const n = of(x.device.empty([groups, 4, channels]));
  const merging = mergePart(parts, use, n.statistics);
  const lines = `  let moments = moments_of(group.z, clamped);
  let mean = moments.mean;
  let scale = weight[clamped] * invstd_of(moments);
  let shift = bias[clamped];
  if (group.y == 0u && line == 0u && inside) {
    store_statistics(group.z, column, moments);
    if (group.z == 0u) {
      for (var batch = 0u; batch < params.groups; batch += 1u) { update_running(column, moments_of(batch, column)); }
    }
  }`;
  const declarations = `${MOMENTS.declare(type)}\n${merging.declarations}`;
  const iterations = mergeIterations(parts);
  return [
    normalizeRows("batch norm with statistics", n, { ...merging, declarations, iterations, lines }, output),
    n,
  ];
}

/** Normalizes with what the part's lines define: `mean`, `scale` and `shift` of the thread's column. */
function normalizeRows(
  label: string,
  { x, rows, activation }: Normalization,
  { lines, ...part }: KernelPart & { readonly lines: string },
  output: Tensor = x.device.empty(x.shape, x.dtype),
): Tensor {
  const layout = channelRows(x.device, rows);
  const source = read(x, layout.type);
  runRows(x.device, layout, {
    label,
    parts: [{ buffers: { x: source } }, part],
    buffers: { output: write(output, layout.type) },
    uniforms: { slope: f32(slopeOf(activation)) },
    iterations: loopIterations(threadRows(layout)),
    body: `${lines}\n${applyLines(layout, activation, source)}`,
  });
  return output;
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
function activationGradientDeclaration(activation: FusedActivation | undefined, type: string): string {
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

/** What kernels of the gradient read: `x`, its statistics, the `gradient` of the result, and the slope. */
export function gradientPass(
  { x, statistics, activation }: Normalization,
  gradient: Tensor,
  type: ChannelRows["type"],
) {
  const [source, upstream] = [read(x, type), read(gradient, type)];
  return {
    source,
    upstream,
    buffers: { x: source, statistics: read(statistics, `array<${type}>`), gradient: upstream },
    slope: { slope: f32(slopeOf(activation)) },
    declarations: activationGradientDeclaration(activation, type),
  };
}
