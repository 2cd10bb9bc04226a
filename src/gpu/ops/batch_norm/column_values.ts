import { read, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { columnsOf } from "./channel_rows.ts";
import type { RowPart } from "./row_kernel.ts";

/** Values that each column has at each of several places, in a tensor `[places, names, channels]`. */
export interface ColumnValues {
  /** Name of the tensor in WGSL. */
  readonly buffer: string;
  /** Names of the values in WGSL. */
  readonly names: readonly string[];
}

/** Defines the values of a place, by their names. */
export function loading(values: ColumnValues, tensor: Tensor, place = "batch"): RowPart {
  return {
    buffers: { [values.buffer]: read(tensor, columnsOf(tensor.shape.at(-1)!).array) },
    lines: linesAt(values, place, (name, element) => `let ${name} = ${element};`),
  };
}

/** Stores the values of a place: what has their names, or the fields of a struct that have them. */
export function storing(values: ColumnValues, tensor: Tensor, place = "batch", struct = ""): RowPart {
  return {
    buffers: { [values.buffer]: write(tensor, columnsOf(tensor.shape.at(-1)!).array) },
    lines: linesAt(values, place, (name, element) => `${element} = ${struct}${name};`),
  };
}

function linesAt(
  { buffer, names }: ColumnValues,
  place: string,
  statement: (name: string, element: string) => string,
): string {
  return `  let ${buffer}_at = ${place} * ${names.length}u * params.width + clamped;
${
    names.map((name, k) => `  ${statement(name, `${buffer}[${buffer}_at + ${k}u * params.width]`)}`).join(
      "\n",
    )
  }`;
}
