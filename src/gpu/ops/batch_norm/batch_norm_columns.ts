import { linearGrid } from "../../kernel/kernel.ts";
import { f32, read, runKernel, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  activationGradientDeclaration,
  applyLines,
  inputGradientLines,
  loadStatistics,
  type Normalization,
} from "./batch_norm_kernels.ts";
import { type FusedActivation, slopeOf } from "../../kernel/activation.ts";
import { sumLines, sumsDeclaration, targetLines, type Targets, targetsPart } from "./batch_norm_sums.ts";
import { layoutPart, type RowGroups, walkGroups, wholeColumns } from "./channel_rows.ts";
import { columnIterations, momentsIterations, sumIterations } from "../reductions/row_iterations.ts";
import { momentsDeclaration, momentsLines, type StatisticsUse, storePart } from "./channel_statistics.ts";

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
  const { type, threads, groups, channels } = layout;
  const [output, statistics] = [device.empty(x.shape, x.dtype), device.empty([groups, 4, channels])];
  const [source, target] = [read(x, type), write(output, type)];
  runKernel(device, {
    label: "batch norm of columns",
    parts: [
      layoutPart(layout),
      { buffers: { x: source }, declarations: momentsDeclaration(type) },
      storePart(type, use, statistics),
    ],
    buffers: {
      ...(batchesTracked ? { batches_tracked: update(batchesTracked) } : {}),
      output: target,
    },
    uniforms: { groups: u32(groups), slope: f32(slopeOf(activation)) },
    workgroup: threads,
    iterations: columnIterations(layout, momentsIterations),
    grid: linearGrid(layout.width, threads),
    body: walkGroups(
      `${momentsLines(source, type)}
  found.mean += pivot;
  store_statistics(batch, column, found);
  update_running(column, found);
  let mean = found.mean;
  let scale = weight[column] * invstd_of(found);
  let shift = bias[column];
  row = top;
${applyLines(layout, activation, source)}`,
    ) + (batchesTracked ? "\n  if (column == 0u) { batches_tracked[0] += params.groups; }" : ""),
  });
  return [output, { x, rows, statistics, activation }];
}

/**
 * The gradient of the rows of whole columns, and those of scale and shift, in one launch: each thread goes down its
 * column twice, for the sums and to apply them.
 */
export function columnGradients(n: Normalization, gradient: Tensor, of: Targets): Tensor {
  const { x, rows, statistics, activation } = n;
  const layout = wholeColumns(x.device, rows);
  const { type, threads, groups } = layout;
  const output = x.device.empty(x.shape, x.dtype);
  const [source, upstream] = [read(x, type), read(gradient, type)];
  runKernel(x.device, {
    label: "batch norm gradients of columns",
    parts: [
      layoutPart(layout),
      { buffers: { x: source, statistics: read(statistics, `array<${type}>`), gradient: upstream } },
      targetsPart(of, type),
    ],
    buffers: { output: write(output, type) },
    uniforms: { groups: u32(groups), slope: f32(slopeOf(activation)) },
    workgroup: threads,
    declarations: `${sumsDeclaration(type)}\n${
      activationGradientDeclaration(activation, type)
    }\nvar<private> total: Sums;`,
    iterations: columnIterations(layout, sumIterations),
    grid: linearGrid(layout.width, threads),
    body: `${
      walkGroups(
        `${loadStatistics("batch")}
${sumLines(source, upstream)}
  total = join(total, Sums(found.sum, found.dot * invstd));
  let grad_mean = found.sum / f32(params.rows);
  let proj_scale = found.dot * invstd * invstd / f32(params.rows);
  row = top;
${inputGradientLines(source, upstream, true)}`,
      )
    }
${targetLines(of)}`,
  });
  return output;
}
