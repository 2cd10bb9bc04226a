import { belowZero, type FusedActivation, slopeOf } from "../../kernel/activation.ts";
import { f32, read, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Device } from "../../device/device.ts";
import { shardOf } from "../../program/in_shards.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { columnsOf, type RowGroups } from "./channel_rows.ts";
import { type ColumnValues, storing } from "./column_values.ts";
import { moments } from "./moments.ts";
import { FIRST_LINE, type RowFormula, type RowPart, runPass, when } from "./row_kernel.ts";
import type { Totals } from "./passes.ts";
import { firstReading } from "./summed_rows.ts";
import { runTwoPasses } from "./passes/two_passes.ts";
import { runRowPass } from "./whole_rows.ts";

/** How rows were normalized, for their gradient. */
export interface Normalization {
  /** `[..., channels]`. */
  readonly x: Tensor;
  /** What `x` falls into. */
  readonly rows: RowGroups;
  /** {@linkcode STATISTICS}, `[groups, 4, channels]`. */
  readonly statistics: Tensor;
  /** Applied to the result. */
  readonly activation: FusedActivation | undefined;
  /** The statistics came from the rows, so that gradients flow to them that way too. */
  readonly throughStatistics: boolean;
}

/**
 * What rows are normalized with: the mean, the reciprocal standard deviation `1 / sqrt(variance + eps)` with the biased
 * variance, and what to multiply the distance from the mean with (`weight` times that) and to add then (`bias`).
 */
export const STATISTICS: ColumnValues = { buffer: "statistics", names: ["mean", "invstd", "scale", "shift"] };

/** Scale and shift of normalized values. */
export interface Affine {
  /** Scale, `[channels]`. */
  readonly weight: Tensor;
  /** Shift, `[channels]`. */
  readonly bias: Tensor;
  /** Added to the variance. */
  readonly eps: number;
}

/** Tensors that hold what evaluation normalizes with, updated in place. */
export interface RunningStatistics {
  /** `[channels]`. */
  readonly mean: Tensor;
  /** `[channels]`, unbiased. */
  readonly variance: Tensor;
  /** Share of the batch in the new value. */
  readonly momentum: number;
  /** u32 `[1]`: the number of groups is added. */
  readonly batchesTracked: Tensor | undefined;
}

/** Normalizes the rows of each group with their own statistics, and updates the running ones. */
export function normalizeBatch(
  x: Tensor,
  rows: RowGroups,
  affine: Affine,
  running: RunningStatistics | undefined,
  activation: FusedActivation | undefined,
): [output: Tensor, normalization: Normalization] {
  const { device } = x;
  const { groups, channels } = rows;
  const { type, array } = columnsOf(channels);
  const first = firstReading("x", x);
  const output = device.empty(x.shape, x.dtype);
  const statistics = statisticsOf(device, [groups, STATISTICS.names.length, channels]);
  const normalization = { x, rows, statistics, activation, throughStatistics: true };
  runTwoPasses(device, {
    labels: {
      both: "batch norm of columns",
      first: "batch norm partial statistics",
      merging: "batch norm statistics",
      second: "batch norm",
      secondMerging: "batch norm with statistics",
    },
    rows,
    first,
    source: { buffers: { x: read(x, type) } },
    reads: 1,
    given: null,
    reduction: moments(first, type),
    once: running?.batchesTracked ? counting(running.batchesTracked, groups) : null,
    ready: {
      ...statisticsPart("found.mean", "found.squares / found.count", affine),
      values: STATISTICS,
      kept: statistics,
    },
    totals: running ? updating(running, array) : null,
    totalsOf: "batch",
    second: applying(normalization, output),
  });
  return [output, normalization];
}

/** Room for statistics: the same for all shards of a batch that are normalized together. */
function statisticsOf(device: Device, shape: Shape): Tensor {
  const shard = shardOf(device);
  return shard?.shards.norms === "batch"
    ? shard.once(() => device.empty(shape)).detach()
    : device.empty(shape);
}

/** Normalizes rows with running statistics, and keeps a copy of them, so that later updates change no gradient. */
export function normalizeAsBefore(
  x: Tensor,
  rows: RowGroups,
  affine: Affine,
  { mean, variance }: Pick<RunningStatistics, "mean" | "variance">,
  activation: FusedActivation | undefined,
): [output: Tensor, normalization: Normalization] {
  const { device } = x;
  const { type, array } = columnsOf(rows.channels);
  const output = device.empty(x.shape, x.dtype);
  const statistics = device.empty([1, STATISTICS.names.length, rows.channels]);
  const normalization = { x, rows, statistics, activation, throughStatistics: false };
  runPass(device, { ...rows, rows: 1 }, "batch norm running statistics", [
    { buffers: { running_mean: read(mean, array), running_variance: read(variance, array) } },
    statisticsPart("running_mean[clamped]", "running_variance[clamped]", affine),
    when(FIRST_LINE, storing(STATISTICS, statistics)),
  ]);
  runRowPass(device, {
    label: "batch norm",
    rows,
    source: { buffers: { x: read(x, type) } },
    values: STATISTICS,
    kept: statistics,
    formula: applying(normalization, output),
  });
  return [output, normalization];
}

/** Defines {@linkcode STATISTICS}, given mean and variance in WGSL. */
function statisticsPart(mean: string, variance: string, { weight, bias, eps }: Affine): RowPart {
  const { array } = columnsOf(weight.size);
  return {
    buffers: { weight: read(weight, array), bias: read(bias, array) },
    uniforms: { eps: f32(eps) },
    lines: `  let mean = ${mean};
  let invstd = 1.0 / sqrt(${variance} + params.eps);
  let scale = weight[clamped] * invstd;
  let shift = bias[clamped];`,
  };
}

/** Writes `activation((x - mean) * scale + shift)`. Comparisons are such that NaN stays NaN. */
function applying({ x, rows: { channels }, activation }: Normalization, output: Tensor): RowFormula {
  const { type } = columnsOf(channels);
  const [source, target] = [read(x, type), write(output, type)];
  const activated = (z: string) => {
    if (!activation) return z;
    return `select(${z}, ${belowZero(z, type)}, ${z} <= ${type}())`;
  };
  return {
    buffers: { output: target },
    uniforms: { slope: f32(slopeOf(activation)) },
    found: (k) => `    let z${k} = (${source.load(`x[at${k}]`)} - mean) * scale + shift;`,
    stored: (k) => `    output[at${k}] = ${target.store(activated(`z${k}`))};`,
  };
}

/** Each group updates them, as `torch.nn.BatchNorm2d` does: with the unbiased variance, or 0 of a single row. */
function updating({ mean, variance, momentum }: RunningStatistics, array: `array<${string}>`): Totals {
  return {
    buffers: { running_mean: update(mean, array), running_variance: update(variance, array) },
    uniforms: { momentum: f32(momentum) },
    start: "",
    lines: `  let unbiased = found.squares / max(found.count - 1.0, 1.0);
  let old = 1.0 - params.momentum;
  running_mean[clamped] = old * running_mean[clamped] + params.momentum * found.mean;
  running_variance[clamped] = old * running_variance[clamped] + params.momentum * unbiased;`,
    end: "",
  };
}

/** A binding of the first pass, since the second one may need all that a device has without it. */
function counting(batchesTracked: Tensor, groups: number): RowPart {
  return {
    buffers: { batches_tracked: update(batchesTracked) },
    uniforms: { batches: u32(groups) },
    lines: "  if (index == 0u && group.z == 0u) { batches_tracked[0] += params.batches; }",
  };
}
