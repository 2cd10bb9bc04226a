import { type Channels, composeGrid, lengthOf, type Picture, sidesOf } from "../../../pictures/mod.ts";
import type { PictureNeeds } from "../data/run_data.ts";

/** Arrays of bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Rows of pictures, as many in each, in one picture.
 *
 * @param rows Bytes of the pictures of each row, `[columns, height, width, channels]`.
 */
export function rowsOf(rows: readonly Uint8Array[], { size, channels }: PictureNeeds): Picture {
  const batch = { ...sidesOf(size), channels: channels as Channels, data: joined(rows) };
  return composeGrid(batch, { columns: rows[0]!.length / lengthOf({ size, channels }) });
}

/**
 * Columns of pictures side by side, as many in each, in one picture.
 *
 * @param columns Bytes of the pictures of each column, `[rows, height, width, channels]`.
 */
export function columnsOf(columns: readonly Uint8Array[], shape: PictureNeeds): Picture {
  const each = lengthOf(shape);
  const count = columns[0]!.length / each;
  const at = (column: Uint8Array, row: number) => column.subarray(row * each, (row + 1) * each);
  return rowsOf(Array.from({ length: count }, (_, row) => joined(columns.map((one) => at(one, row)))), shape);
}
