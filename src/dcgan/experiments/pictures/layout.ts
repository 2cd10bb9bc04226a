import { lengthOf, type Picture } from "../../../pictures/mod.ts";
import { Sheet, type SheetLayout, sheetShape } from "../../explore/sheet.ts";
import type { PictureNeeds } from "../data/run_data.ts";

/**
 * Rows of pictures in one picture, with texts beside them.
 *
 * @param rows Bytes of the pictures of each row, `[columns, height, width, channels]`. Rows with fewer end early.
 * @param action What cannot be done if it were too large, to follow "Cannot".
 * @throws {RangeError} if it would be too large.
 */
export function rowsOf(
  rows: readonly Uint8Array[],
  shape: PictureNeeds,
  texts: Pick<SheetLayout, "left" | "above">,
  action: string,
): Picture {
  const each = lengthOf(shape);
  const columns = Math.max(...rows.map(({ length }) => length / each));
  const sheet = new Sheet(sheetShape(shape), { ...texts, columns, rows: rows.length }, action);
  for (const [row, bytes] of rows.entries()) placeRow(sheet, bytes, each, row);
  return sheet.picture;
}

/** Puts pictures side by side into a row, from a column on. */
export function placeRow(sheet: Sheet, bytes: Uint8Array, each: number, row: number, first = 0): void {
  for (let at = 0; at < bytes.length / each; at++) {
    sheet.place(bytes.subarray(at * each, (at + 1) * each), first + at, row);
  }
}
