import type { ByteSource } from "../byte_source.ts";
import { ThriftReader, type ThriftStruct } from "./thrift.ts";

/** Kinds of values that columns can have here. */
export type ParquetType = "bool" | "int32" | "int64" | "float" | "double" | "bytes" | "other";

/** A column of plain values. */
export interface ParquetColumn {
  /** Names from the outermost struct inwards: `image.bytes`. */
  readonly name: string;
  /** What its values are. */
  readonly type: ParquetType;
  /** How many of the structs it lies in, and itself, may be missing. */
  readonly optional: number;
  /** Whether it lies in a list. */
  readonly repeated: boolean;
}

/** The part of a column that lies in one row group. */
export interface ParquetChunk {
  /** Parquet's number of the compression. */
  readonly codec: number;
  /** Where its first page starts. */
  readonly offset: number;
  /** Bytes of all its pages. */
  readonly size: number;
  /** Bytes of all its pages once unpacked. */
  readonly unpackedSize: number;
  /** Parquet's numbers of the encodings that its pages have. */
  readonly encodings: readonly number[];
  /** How many of its values are missing, if the file says so. */
  readonly missing?: number;
}

/** Rows that are kept together. */
export interface ParquetGroup {
  /** How many there are. */
  readonly rows: number;
  /** The chunks by name of their column. */
  readonly chunks: ReadonlyMap<string, ParquetChunk>;
}

/** What the end of a Parquet file says. */
export interface ParquetMetadata {
  /** Rows of all groups. */
  readonly rows: number;
  /** The columns. */
  readonly columns: readonly ParquetColumn[];
  /** The row groups, in order. */
  readonly groups: readonly ParquetGroup[];
  /** What the program that wrote it added, by key. */
  readonly extra: ReadonlyMap<string, string>;
}

const REPEATED = 2;

/** Most bytes of the end of a file. */
const MOST_END = 64 * 2 ** 20;

/** Most rows of a file. */
const MOST_ROWS = 2 ** 24;

const types: Readonly<Record<number, ParquetType>> = {
  0: "bool",
  1: "int32",
  2: "int64",
  4: "float",
  5: "double",
  6: "bytes",
};
const latin1 = new TextDecoder("latin1");

/**
 * Reads what the end of a Parquet file says: https://parquet.apache.org/docs/file-format/ describes it.
 *
 * @throws {SyntaxError} if it is not a Parquet file, is cut short, or states something impossible.
 */
export function readParquetMetadata(source: ByteSource): ParquetMetadata {
  const { size } = source;
  const isMarked = (at: number, mark = "PAR1") => latin1.decode(source.read(at, 4)) === mark;
  if (size < 12 || !isMarked(0)) throw new SyntaxError("it does not start with PAR1");
  if (isMarked(size - 4, "PARE")) throw new SyntaxError("it is encrypted");
  if (!isMarked(size - 4)) throw new SyntaxError("it does not end with PAR1; it may be cut short");
  const length = new DataView(source.read(size - 8, 4).buffer).getUint32(0, true);
  if (length > size - 12) throw new SyntaxError(`its end has ${length} bytes, more than there are`);
  if (length > MOST_END) throw new SyntaxError(`its end has ${length} bytes, more than ${MOST_END}`);
  const file = new ThriftReader(source.read(size - 8 - length, length)).struct();
  let rows = 0;
  const groups = file.structs(4).map((group) => {
    const found = readGroup(group, size);
    rows += found.rows;
    // A row of pictures takes some bytes; a file that claims more rows would only exhaust memory
    if (rows > Math.min(size, MOST_ROWS)) {
      const limit = rows > MOST_ROWS ? `more than ${MOST_ROWS}` : `in ${size} bytes`;
      throw new SyntaxError(`it says that it has ${file.number(3)} rows, ${limit}`);
    }
    return found;
  });
  if (rows !== file.number(3)) throw new SyntaxError(`it has ${rows} rows, but says ${file.number(3)}`);
  return {
    rows,
    columns: readColumns(file.structs(2)),
    groups,
    extra: new Map(file.structs(5).map((pair) => [pair.text(1), pair.text(2)])),
  };
}

/** The columns of a schema: a tree in the order of its nodes, each with its number of children. */
function readColumns(elements: readonly ThriftStruct[]): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  let next = 1;
  const visit = (children: number, path: readonly string[], optional: number, repeated: boolean): void => {
    for (let i = 0; i < children; i++) {
      const element = elements[next++];
      if (element === undefined || path.length > 32) {
        throw new SyntaxError("its columns are not all described");
      }
      const repetition = element.number(3, 0);
      const here = [...path, element.text(4)];
      const mayMiss = optional + (repetition === 0 ? 0 : 1);
      const isList = repeated || repetition === REPEATED;
      const inner = element.number(5, 0);
      if (inner > 0) visit(inner, here, mayMiss, isList);
      else {
        const type = types[element.number(1, -1)] ?? "other";
        columns.push({ name: here.join("."), type, optional: mayMiss, repeated: isList });
      }
    }
  };
  visit(elements[0]?.number(5, 0) ?? 0, [], 0, false);
  return columns;
}

function readGroup(group: ThriftStruct, size: number): ParquetGroup {
  const rows = group.number(3);
  if (!Number.isInteger(rows) || rows < 0) throw new SyntaxError(`a row group says that it has ${rows} rows`);
  const chunks = new Map<string, ParquetChunk>();
  for (const column of group.structs(1)) {
    const chunk = column.struct(3);
    if (chunk === undefined) throw new SyntaxError("a column is in another file");
    const data = chunk.number(9);
    const dictionary = chunk.number(11, data);
    const offset = dictionary > 0 ? Math.min(data, dictionary) : data;
    const bytes = chunk.number(7);
    if (offset < 4 || bytes < 0 || offset + bytes > size) {
      throw new SyntaxError(`a column has ${bytes} bytes from ${offset} on, which are not there`);
    }
    const missing = chunk.struct(12)?.number(3, -1) ?? -1;
    chunks.set(chunk.texts(3).join("."), {
      codec: chunk.number(4),
      offset,
      size: bytes,
      unpackedSize: chunk.number(6),
      encodings: chunk.numbers(2),
      ...(missing < 0 ? {} : { missing }),
    });
  }
  return { rows, chunks };
}
