import { basename } from "node:path";
import { DatasetError, type Labels } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { readParquetChunk } from "../formats/parquet/column.ts";
import {
  type ParquetColumn,
  type ParquetGroup,
  type ParquetMetadata,
  readParquetMetadata,
} from "../formats/parquet/metadata.ts";
import type { ParquetValue } from "../formats/parquet/plain.ts";
import { messageOf, quote } from "../wording.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { findColumns, labelNames, type WantedColumns } from "./parquet_columns.ts";
import type { PictureSource } from "./picture_source.ts";

/** Bytes of encoded pictures that are kept, as a row group can only be unpacked as a whole. */
const MOST_KEPT = 256 * 2 ** 20;

/** A Parquet file. */
interface Shard {
  readonly path: string;
  readonly metadata: ParquetMetadata;
  readonly image: ParquetColumn;
  readonly label: ParquetColumn | undefined;
}

/** A row group, and the place of its first picture among all. */
interface Part {
  readonly shard: Shard;
  readonly group: ParquetGroup;
  readonly first: number;
}

/**
 * Lists the pictures in Parquet files, in the layout of the Hugging Face hub: a column of structs with the bytes of a
 * picture's file, or of the bytes themselves, and a column of labels. Labels are read now, pictures later; files are opened
 * as they are needed, as a system lets a program have only so many of them open.
 *
 * @throws {DatasetError} Where a file is damaged, or the columns are not there.
 */
export async function openParquet(
  paths: readonly string[],
  wanted: WantedColumns,
  signal: AbortSignal,
): Promise<PictureSource> {
  const shards: Shard[] = [];
  const parts: Part[] = [];
  const names: string[] = [];
  const values: ParquetValue[] = [];
  for (const path of paths) {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    using source = openBytes(path);
    const metadata = reading(path, () => readParquetMetadata(source));
    const shard = { path, metadata, ...findColumns(metadata, wanted, path) };
    shards.push(shard);
    const { image, label } = shards[0]!;
    if (shard.image.name !== image.name || shard.label?.name !== label?.name) {
      throw new DatasetError(`${quote(path)} must have the same columns as ${quote(paths[0])}`);
    }
    for (const group of metadata.groups) {
      parts.push({ shard, group, first: names.length });
      for (let row = 0; row < group.rows; row++) names.push(`${basename(path)}/${names.length}`);
      if (shard.label) {
        for (const value of readColumn(path, source, group, shard.label)) values.push(value);
      }
    }
  }
  if (names.length === 0) throw new DatasetError(`${quote(paths[0])} must hold pictures: found no rows`);
  const { image, label, metadata } = shards[0]!;
  const kept = new KeptColumns();
  return {
    names,
    view: image.name,
    labels: label === undefined ? {} : toLabels(values, label, labelNames(metadata, label.name)),
    read: (name) =>
      Promise.try(() => {
        const index = Number(name.slice(name.lastIndexOf("/") + 1));
        const part = parts.findLast(({ first }) => first <= index)!;
        const bytes = kept.of(part)[index - part.first];
        // A picture of its own: a worker would be sent the whole page around it
        if (bytes instanceof Uint8Array && bytes.length > 0) return bytes.slice();
        throw new DatasetError("The row has no picture in it, only a name at most");
      }),
    fingerprint: (_, signal) => fingerprintFiles(paths, signal),
    close: () => Promise.resolve(),
  };
}

/** The columns of pictures that were read last. */
class KeptColumns {
  readonly #columns = new Map<Part, ParquetValue[]>();
  #size = 0;

  /** The pictures of a row group. */
  of(part: Part): ParquetValue[] {
    const { shard, group } = part;
    const size = (part: Part) => part.group.chunks.get(part.shard.image.name)!.unpackedSize;
    let column = this.#columns.get(part);
    if (column === undefined) {
      using source = openBytes(shard.path);
      column = readColumn(shard.path, source, group, shard.image);
      this.#size += size(part);
      for (const oldest of this.#columns.keys()) {
        if (this.#size <= MOST_KEPT) break;
        this.#columns.delete(oldest);
        this.#size -= size(oldest);
      }
    } else this.#columns.delete(part);
    // The last one is the one that was used last
    this.#columns.set(part, column);
    return column;
  }
}

function readColumn(
  path: string,
  source: ByteSource,
  group: ParquetGroup,
  column: ParquetColumn,
): ParquetValue[] {
  return reading(path, () => {
    const chunk = group.chunks.get(column.name);
    if (chunk === undefined) throw new SyntaxError(`a row group lacks column ${column.name}`);
    return readParquetChunk(source, column, chunk, group.rows);
  });
}

/** Names the file in what goes wrong. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DatasetError(`${quote(path)} is no Parquet file that can be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Classes of a column of bits. */
const bitNames: readonly string[] = ["false", "true"];

/** Labels that are numbers of classes, their names, or numbers that vary. */
function toLabels(
  values: readonly ParquetValue[],
  { type }: ParquetColumn,
  names: readonly string[] | undefined = type === "bool" ? bitNames : undefined,
): Record<string, Labels> {
  const varies = type === "float" || type === "double";
  // A test set may have no labels, and -1 or no number in their place
  const isMissing = (value: ParquetValue) =>
    value === null || typeof value === "number" && (varies ? !Number.isFinite(value) : value < 0);
  if (values.some(isMissing)) return {};
  const decoder = new TextDecoder();
  const found = values.map((value) => value instanceof Uint8Array ? decoder.decode(value) : value as number);
  if (found.some((value) => typeof value === "string")) {
    const classes = [...new Set(found.map(String))].sort();
    const places = new Map(classes.map((name, i) => [name, i]));
    return { class: { classes, at: (index) => places.get(String(found[index]))! } };
  }
  const most = (found as number[]).reduce((a, b) => Math.max(a, b), 0);
  const isClass = names !== undefined && !varies && most < names.length;
  return { class: { ...(isClass ? { classes: names } : {}), at: (index) => found[index] as number } };
}
