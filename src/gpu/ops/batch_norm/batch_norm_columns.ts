import { memoryOf } from "../../kernel/float_memory.ts";
import { defineKernel, linearGrid } from "../../kernel/kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  applyLines,
  flowDeclaration,
  type FusedActivation,
  inputGradientLines,
  loadStatistics,
  type Normalization,
  slopeOf,
} from "./batch_norm_kernels.ts";
import {
  sumLines,
  sumsDeclaration,
  targetBindings,
  targetBuffers,
  targetLines,
  type Targets,
} from "./batch_norm_sums.ts";
import { ROW_FIELDS, type RowGroups, rowValues, walkGroups, wholeColumns } from "./channel_rows.ts";
import { columnIterations, momentsIterations, sumIterations } from "../reductions/row_iterations.ts";
import {
  KEEP_FIELDS,
  keepBindings,
  keepBuffers,
  keepDeclarations,
  keepValues,
  momentsDeclaration,
  momentsLines,
  type StatisticsUse,
} from "./channel_statistics.ts";

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
  const memory = memoryOf(x, type);
  const kernel = defineKernel({
    label: "batch norm of columns",
    bindings: {
      x: ["read", memory.array],
      ...keepBindings(type, use),
      ...(batchesTracked ? { batches_tracked: ["update", "array<u32>"] } as const : {}),
      output: ["write", memory.array],
    },
    uniforms: { ...ROW_FIELDS, ...KEEP_FIELDS, groups: "u32", slope: "f32" },
    workgroup: threads,
    declarations: `${momentsDeclaration(type)}\n${keepDeclarations(type, use)}`,
    iterations: (sizes) => columnIterations(sizes, momentsIterations),
    body: walkGroups(
      `${momentsLines(memory, type)}
  found.mean += pivot;
  keep(batch, column, found);
  follow(column, found);
  let mean = found.mean;
  let scale = weight[column] * rstd_of(found);
  let shift = bias[column];
  row = top;
${applyLines(layout, activation, memory)}`,
    ) + (batchesTracked ? "\n  if (column == 0u) { batches_tracked[0] += params.groups; }" : ""),
  });
  device.launch(
    kernel,
    {
      x,
      output,
      ...keepBuffers(use, statistics),
      ...(batchesTracked ? { batches_tracked: batchesTracked } : {}),
    },
    { ...rowValues(layout), ...keepValues(use), groups, slope: slopeOf(activation) },
    linearGrid(layout.width, threads),
  );
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
  const [source, flow] = [memoryOf(x, type), memoryOf(gradient, type)];
  const kernel = defineKernel({
    label: "batch norm gradients of columns",
    bindings: {
      x: ["read", source.array],
      statistics: ["read", `array<${type}>`],
      gradient: ["read", flow.array],
      ...targetBindings(of, type),
      output: ["write", source.array],
    },
    uniforms: { ...ROW_FIELDS, groups: "u32", slope: "f32" },
    workgroup: threads,
    declarations: `${sumsDeclaration(type)}\n${flowDeclaration(activation, type)}\nvar<private> total: Sums;`,
    iterations: (sizes) => columnIterations(sizes, sumIterations),
    body: `${
      walkGroups(
        `${loadStatistics("batch")}
${sumLines(source, flow)}
  total = join(total, Sums(found.plain, found.product * rstd));
  let offset = found.plain / f32(params.rows);
  let lean = found.product * rstd * rstd / f32(params.rows);
  row = top;
${inputGradientLines(source, flow, true)}`,
      )
    }
${targetLines(of)}`,
  });
  x.device.launch(
    kernel,
    { x, statistics, gradient, ...targetBuffers(of), output },
    { ...rowValues(layout), groups, slope: slopeOf(activation) },
    linearGrid(layout.width, threads),
  );
  return output;
}
