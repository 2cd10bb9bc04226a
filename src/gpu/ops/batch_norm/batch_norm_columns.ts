import { f32, read, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  applyLines,
  gradientPass,
  inputGradientLines,
  loadStatistics,
  type Normalization,
} from "./batch_norm_kernels.ts";
import { type FusedActivation, slopeOf } from "../../kernel/activation.ts";
import { sumLines, SUMS, type VectorGradients } from "./batch_norm_sums.ts";
import { type RowGroups, runRows, wholeColumns } from "./channel_rows.ts";
import { columnIterations, momentsIterations, sumIterations } from "../reductions/row_iterations.ts";
import { MOMENTS, momentsLines, type StatisticsUse, storePart } from "./channel_statistics.ts";

/**
 * Batch norm of whole columns in one launch: each thread goes down its column twice, for the statistics and to apply
 * them. Adds the number of groups to `batchesTracked`.
 */
export function normalizeColumns(
  x: Tensor,
  rows: RowGroups,
  use: StatisticsUse,
  { activation, batchesTracked }: {
    activation?: FusedActivation | undefined;
    batchesTracked?: Tensor | undefined;
  },
): [output: Tensor, normalization: Normalization] {
  const { device } = x;
  const layout = wholeColumns(device, rows);
  const { type, groups, channels } = layout;
  const [output, statistics] = [device.empty(x.shape, x.dtype), device.empty([groups, 4, channels])];
  const [source, target] = [read(x, type), write(output, type)];
  runRows(device, layout, {
    label: "batch norm of columns",
    parts: [
      { buffers: { x: source }, declarations: MOMENTS.declare(type) },
      storePart(type, use, statistics),
    ],
    buffers: {
      ...(batchesTracked ? { batches_tracked: update(batchesTracked) } : {}),
      output: target,
    },
    uniforms: { groups: u32(layout.groups), slope: f32(slopeOf(activation)) },
    iterations: columnIterations(layout, momentsIterations),
    body: `${momentsLines(source, type)}
  found.mean += pivot;
  store_statistics(batch, column, found);
  update_running(column, found);
  let mean = found.mean;
  let scale = weight[column] * invstd_of(found);
  let shift = bias[column];
  row = top;
${applyLines(layout, activation, source)}`,
    columns: { end: batchesTracked ? "  if (column == 0u) { batches_tracked[0] += params.groups; }" : "" },
  });
  return [output, { x, rows, statistics, activation }];
}

/**
 * The gradient of the rows of whole columns, and those of scale and shift, in one launch: each thread goes down its
 * column twice, for the sums and to apply them.
 */
export function columnGradients(n: Normalization, gradient: Tensor, of: VectorGradients): Tensor {
  const { x, rows } = n;
  const layout = wholeColumns(x.device, rows);
  const { type } = layout;
  const output = x.device.empty(x.shape, x.dtype);
  const { source, upstream, buffers, slope, declarations } = gradientPass(n, gradient, type);
  runRows(x.device, layout, {
    label: "batch norm gradients of columns",
    parts: [{ buffers }, of],
    buffers: { output: write(output, type) },
    uniforms: { groups: u32(layout.groups), ...slope },
    declarations: `${SUMS.declare(type)}\n${declarations}\nvar<private> total: Sums;`,
    iterations: columnIterations(layout, sumIterations),
    body: `${loadStatistics("batch")}
${sumLines(source, upstream)}
  total = join(total, Sums(found.sum, found.dot * invstd));
  let grad_mean = found.sum / f32(params.rows);
  let proj_scale = found.dot * invstd * invstd / f32(params.rows);
  row = top;
${inputGradientLines(source, upstream, true)}`,
    columns: { end: of.lines },
  });
  return output;
}
