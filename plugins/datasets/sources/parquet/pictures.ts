import { DatasetError } from "../../contract.ts";
import type { ByteSource } from "../../formats/byte_source.ts";
import { checkParquetChunk, peekParquetChunk } from "../../formats/parquet/column.ts";
import type { ParquetColumn, ParquetGroup, ParquetMetadata } from "../../formats/parquet/metadata.ts";
import type { ParquetValue } from "../../formats/parquet/plain.ts";
import { quote } from "../../messages.ts";
import { chunkOf } from "./columns.ts";

/** Bytes of a row group that are looked at; what has more in its first page holds no paths. */
const LOOKED_AT = 2 ** 20;

/** Most bytes of a path. */
const MOST_PATH = 4096;

/**
 * Throws if a column of pictures cannot be read, or holds paths or other text in their place; found out by
 * its first value, before any picture is wanted.
 *
 * @param path The file's path, for messages.
 * @throws {SyntaxError} if the column uses more of the format than is read, or is damaged at its start.
 * @throws {DatasetError} if it holds no pictures.
 */
export function checkPictureColumn(
  source: ByteSource,
  { groups, columns }: ParquetMetadata,
  image: ParquetColumn,
  path: string,
): void {
  for (const group of groups) checkParquetChunk(image, chunkOf(group, image));
  const peek = (group: ParquetGroup, column: ParquetColumn): ParquetValue | undefined =>
    peekParquetChunk(source, column, chunkOf(group, column), group.rows, LOOKED_AT);
  // Stops at the first group that has a picture, or may have one
  let value: ParquetValue | undefined = null;
  for (const group of groups) {
    if (group.rows === 0 || chunkOf(group, image).missing === group.rows) continue;
    value = peek(group, image);
    if (value !== null) break;
  }
  const isEmpty = value === null || value instanceof Uint8Array && value.length === 0;
  if (!isEmpty) {
    const text = value instanceof Uint8Array ? textOf(value) : undefined;
    if (text === undefined) return;
    throw new DatasetError(noPictures(image.name, text, path));
  }
  if (!groups.some(({ rows }) => rows > 0)) return;
  const beside = columns.find(({ name, type }) =>
    name === image.name.replace(/bytes$/, "path") && name !== image.name && type === "bytes"
  );
  const named = beside && groups.find((group) => group.rows > 0);
  const found = named && peek(named, beside);
  const text = found instanceof Uint8Array ? textOf(found) : undefined;
  throw new DatasetError(
    text === undefined
      ? `Column ${quote(image.name)} of ${quote(path)} must hold pictures, found no value in any row`
      : noPictures(beside!.name.replace(/\.path$/, ""), text, path),
  );
}

/** What stands in place of pictures, and what to do. */
const kinds: readonly (readonly [pattern: RegExp, kind: string, advice: string])[] = [
  [/^https?:/i, "addresses", "download the pictures into a folder and train on that"],
  [
    /^[^\n]*\.[A-Za-z0-9]{1,5}$/,
    "paths",
    "train on the folder that holds these pictures, or write the table again with their bytes in it",
  ],
  [
    /^/,
    "text",
    "name the column of pictures with --data-image, or write the table again with the bytes of their files in it",
  ],
];

function noPictures(column: string, text: string, path: string): string {
  const [, kind, advice] = kinds.find(([pattern]) => pattern.test(text))!;
  return `Column ${quote(column)} of ${quote(path)} holds ${kind}, not pictures: ` +
    `the first is ${quote(text)}; ${advice}`;
}

/** A value as text, if it is that and no picture: no picture is without a byte below 32. */
function textOf(value: Uint8Array): string | undefined {
  if (value.length > MOST_PATH && value.subarray(0, MOST_PATH).some((byte) => byte < 32)) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(value);
    // deno-lint-ignore no-control-regex -- picture files have such bytes, and text does not
    return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
