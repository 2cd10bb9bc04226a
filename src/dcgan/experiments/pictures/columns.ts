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
 * Columns of pictures side by side, as many in each, in one picture.
 *
 * @param columns Bytes of the pictures of each column, `[rows, height, width, channels]`.
 */
export function columnsOf(columns: readonly Uint8Array[], shape: PictureNeeds): Picture {
  const each = lengthOf(shape);
  const rows = columns[0]!.length / each;
  const pictures = Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
    columns.map((column) => column.subarray(row * each, (row + 1) * each))
  );
  const batch = { ...sidesOf(shape.size), channels: shape.channels as Channels, data: joined(pictures) };
  return composeGrid(batch, { columns: columns.length });
}
