import { basename } from "../../../../src/host/paths.ts";
import { DatasetError } from "../../contract.ts";
import { type ByteSource, openBytes } from "../../formats/byte_source.ts";
import { readParquetChunk } from "../../formats/parquet/column.ts";
import {
  type ParquetColumn,
  type ParquetGroup,
  type ParquetMetadata,
  readParquetMetadata,
} from "../../formats/parquet/metadata.ts";
import type { ParquetValue } from "../../formats/parquet/plain.ts";
import { failure, quote } from "../../messages.ts";
import { fingerprintFiles } from "../fingerprint.ts";
import { chunkOf, findColumns, labelNames, type WantedColumns } from "./columns.ts";
import { LabelReader } from "./labels.ts";
import { checkPictureColumn } from "./pictures.ts";
import type { PictureSource } from "../picture_source.ts";

/** Bytes of encoded pictures that are kept, as a row group can only be unpacked as a whole. */
const MOST_KEPT = 256 * 2 ** 20;

/** Most rows of all files: each has a name in memory. */
const MOST_ROWS = 2 ** 24;

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

/** What to read from the files, and a callback for what is left out. */
export interface OpenParquetOptions extends WantedColumns {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called with one line about what is left out. */
  readonly report: (message: string) => void;
}

/**
 * Lists the pictures in Parquet files, in the layout of the Hugging Face hub: a column of structs with the
 * bytes of a picture's file, or of the bytes themselves, and a column of labels. Labels are read now,
 * pictures later; files are opened as they are needed, as systems limit the number of open files. Labels that
 * cannot be read are left out, unless the user named them.
 *
 * @throws {DatasetError} if a file is damaged, the columns are not there, or hold no pictures.
 */
export async function openParquet(
  paths: readonly string[],
  { signal, report, ...wanted }: OpenParquetOptions,
): Promise<PictureSource> {
  const parts: Part[] = [];
  const names: string[] = [];
  const labels = new LabelReader(wanted.label !== "", report);
  let first: Shard | undefined;
  for (const path of paths) {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    using source = openBytes(path);
    const metadata = reading(path, () => readParquetMetadata(source));
    const { unread, ...columns } = findColumns(metadata, wanted, path);
    const shard = { path, metadata, ...columns };
    if (unread !== undefined) labels.leaveOut(path, unread.name, new SyntaxError(unread.reason));
    first ??= shard;
    if (shard.image.name !== first.image.name || shard.label?.name !== first.label?.name) {
      throw new DatasetError(`${quote(path)} must have the same columns as ${quote(paths[0])}`);
    }
    if (names.length + metadata.rows > MOST_ROWS) {
      throw new DatasetError(
        `The Parquet files must have ${MOST_ROWS} rows together at most: ${quote(path)} has more`,
      );
    }
    checkPictures(source, shard);
    for (const group of metadata.groups) {
      parts.push({ shard, group, first: names.length });
      for (let row = 0; row < group.rows; row++) names.push(`${basename(path)}/${names.length}`);
      if (shard.label) labels.read(source, path, group, shard.label);
    }
  }
  if (first === undefined || names.length === 0) {
    throw new DatasetError(`${quote(paths[0])} must hold pictures, found no rows`);
  }
  const { image, label, metadata } = first;
  const kept = new KeptColumns();
  return {
    names,
    view: image.name,
    labels: label === undefined ? {} : labels.all(label, labelNames(metadata, label.name)),
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
  return reading(path, () => readParquetChunk(source, column, chunkOf(group, column), group.rows));
}

/** Throws unless the pictures of a file can be read. */
function checkPictures(source: ByteSource, { path, metadata, image }: Shard): void {
  reading(path, () => checkPictureColumn(source, metadata, image, path));
}

/** Names the file in what goes wrong. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw failure(`${quote(path)} is no Parquet file that can be read`, cause);
  }
}
