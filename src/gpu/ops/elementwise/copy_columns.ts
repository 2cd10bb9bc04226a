import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, update } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Columns of matrices that are copied. */
export interface Columns {
  /** Rows of both matrices. */
  readonly rows: number;
  /** Columns to copy. */
  readonly count: number;
  /**
   * The first of them in the source.
   *
   * @default {0}
   */
  readonly from?: number;
  /**
   * Where that goes in the target.
   *
   * @default {0}
   */
  readonly to?: number;
  /**
   * Add to what the target holds.
   *
   * @default {false}
   */
  readonly accumulate?: boolean;
}

/** Copies some columns of a tensor to another one, both seen as matrices of so many rows. Other columns stay. */
export function copyColumns(
  source: Tensor,
  target: Tensor,
  { rows, count, from = 0, to = 0, accumulate = false }: Columns,
): void {
  const [sourceWidth, targetWidth] = [source.size / rows, target.size / rows];
  const isFloat = source.dtype !== "u32";
  const inFours = isFloat && [sourceWidth, targetWidth, count, from, to].every((extent) => extent % 4 === 0);
  const [type, width] = inFours ? ["vec4f", 4] as const : [undefined, 1] as const;
  const [input, output] = [read(source, type), update(target, type)];
  const sum = accumulate ? `${output.load("target_values[at]")} + ` : "";
  const elements = rows * count / width;
  runKernel(source.device, {
    label: "copy columns",
    buffers: { source_values: input, target_values: output },
    uniforms: each(u32, {
      elements,
      count: count / width,
      source_width: sourceWidth / width,
      target_width: targetWidth / width,
      source_first: from / width,
      target_first: to / width,
    }),
    grid: linearGrid(elements),
    body: `  if (index >= params.elements) { return; }
  let row = index / params.count;
  let column = index % params.count;
  let at = row * params.target_width + params.target_first + column;
  target_values[at] = ${
      output.store(
        `${sum}${input.load("source_values[row * params.source_width + params.source_first + column]")}`,
      )
    };`,
  });
}
