import type { ParquetColumn, ParquetType } from "./metadata.ts";

/** A value of a column; `null` if it is missing. */
export type ParquetValue = number | Uint8Array | null;

/** How a kind of number lies in memory: bytes of one, and how it is read. */
const numbers: Readonly<
  Partial<Record<ParquetType, readonly [number, (view: DataView, at: number) => number]>>
> = {
  int32: [4, (view, at) => view.getInt32(at, true)],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  float: [4, (view, at) => view.getFloat32(at, true)],
  double: [8, (view, at) => view.getFloat64(at, true)],
};

/**
 * Reads values that follow each other as they are: numbers, bits from the lowest of a byte on (0 and 1), and
 * byte arrays after their lengths, which become views.
 *
 * @throws {SyntaxError} if there are fewer.
 */
export function readPlain(bytes: Uint8Array, { type }: ParquetColumn, count: number): ParquetValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [each, read] = numbers[type] ?? [];
  const least = type === "bool" ? 1 / 8 : each ?? 4;
  if (count < 0 || count * least > bytes.length) throw new SyntaxError("a page ends before its values do");
  if (type === "bool") return Array.from({ length: count }, (_, i) => bytes[i >> 3]! >> (i & 7) & 1);
  if (each && read) return Array.from({ length: count }, (_, i) => read(view, i * each));
  const values: ParquetValue[] = [];
  for (let at = 0; values.length < count;) {
    const start = at + 4;
    if (start > bytes.length) throw new SyntaxError("a page ends before its values do");
    at = start + view.getUint32(at, true);
    if (at > bytes.length) throw new SyntaxError("a page ends before its values do");
    values.push(bytes.subarray(start, at));
  }
  return values;
}
