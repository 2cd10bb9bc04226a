import type { Device } from "../../device/device.ts";
import { loopIterations } from "../../kernel/iterations.ts";
import { each, type KernelPart, read, runKernel, u32 } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { channelRows, columnsOf, type RowGroups, threadRows } from "./channel_rows.ts";
import { type ColumnValues, loading } from "./column_values.ts";
import { type RowFormula, runPass } from "./row_kernel.ts";

/** Columns that a thread takes: all of them are written out in a kernel's text. */
const COLUMNS = [2, 4];

/** A pass over the rows of one group, with values of each column. */
export interface RowPass {
  /** Name of the kernel. */
  readonly label: string;
  /** What falls into rows. */
  readonly rows: RowGroups;
  /** What it reads row by row. */
  readonly source: KernelPart;
  /** What it knows of each column. */
  readonly values: ColumnValues;
  /** Where that is, `[1, names, channels]`. */
  readonly kept: Tensor;
  /** What it does with each row. */
  readonly formula: RowFormula;
}

/**
 * Runs a pass. On a software adapter, workgroups take whole rows if these are short: a processor reads ahead only where
 * memory is read in order, and rows of 64 and 128 channels take a third to a half of the time.
 */
export function runRowPass(device: Device, { label, rows, source, values, kept, formula }: RowPass): void {
  const layout = channelRows(device, rows);
  const { threads, lanes, width, blocks, rowsEach } = layout;
  const columns = width / lanes;
  if (!device.adapter.software || lanes !== threads || !COLUMNS.includes(columns)) {
    return runPass(device, rows, label, [source, loading(values, kept)], formula);
  }
  const all = Array.from({ length: columns }, (_, k) => k);
  const { buffer, names } = values;
  const place = (k: number) => `${k * threads}u + thread`;
  const known = all.flatMap((k) =>
    names.map((name, i) => `  let ${name}${k} = ${buffer}[${i}u * params.width + ${place(k)}];`)
  );
  const inColumn = (k: number) =>
    `    {
      let at = row * params.width + ${place(k)};
${names.map((name) => `      let ${name} = ${name}${k};`).join("\n")}
${formula.found("")}
${formula.stored("")}
    }`;
  runKernel(device, {
    label,
    parts: [source, formula],
    buffers: { [buffer]: read(kept, columnsOf(rows.channels).array) },
    uniforms: each(u32, { width, rows: rows.rows, rows_each: rowsEach }),
    iterations: loopIterations(threadRows(layout)),
    workgroup: threads,
    grid: [1, blocks, 1],
    body: `${known.join("\n")}
  let end = min(params.rows, (group.y + 1u) * params.rows_each);
  for (var row = group.y * params.rows_each; row < end; row++) {
${all.map(inColumn).join("\n")}
  }`,
  });
}
