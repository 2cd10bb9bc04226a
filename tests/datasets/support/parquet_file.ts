/** Parquet files in the layout of the Hugging Face hub, written by another implementation than the one that is tested. */
import { parquetWriteBuffer } from "hyparquet-writer";

/** What goes into a file. */
export interface ParquetRows {
  /** Files of pictures; `null` for a row without one. */
  images: readonly (Uint8Array | null)[];
  /** Numbers of classes. */
  labels?: readonly number[];
  /** Names of the classes. */
  names?: readonly string[];
  /** What the labels are kept as. */
  labelType?: "INT64" | "BOOLEAN" | "DOUBLE";
  /** What the column of pictures is called. */
  column?: string;
  /** Rows kept together. */
  rowGroupSize?: number;
  /** Whether pages are packed, with Snappy. */
  packed?: boolean;
}

const optional = { repetition_type: "OPTIONAL" } as const;

/** Labels as a kind of column takes them. */
const kept: Record<string, (label: number) => bigint | boolean | number> = {
  INT64: BigInt,
  BOOLEAN: Boolean,
  DOUBLE: Number,
};

/** A file with a struct of bytes and path, and labels. */
export function parquet(
  { images, labels, names, labelType = "INT64", column = "image", rowGroupSize = 2, packed = true }:
    ParquetRows,
): Uint8Array {
  const features = {
    [column]: { _type: "Image" },
    ...(names ? { label: { names, _type: "ClassLabel" } } : {}),
  };
  const rows = images.map((bytes, i) => ({ ...(bytes ? { bytes } : {}), path: `${i}.png` }));
  const buffer = parquetWriteBuffer({
    codec: packed ? "SNAPPY" : "UNCOMPRESSED",
    columnData: [
      { name: column, data: rows },
      ...(labels ? [{ name: "label", data: labels.map(kept[labelType]!) }] : []),
    ],
    schema: [
      { name: "root", num_children: labels ? 2 : 1 },
      { name: column, num_children: 2, ...optional },
      { name: "bytes", type: "BYTE_ARRAY", ...optional },
      { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", ...optional },
      ...(labels ? [{ name: "label", type: labelType, ...optional } as const] : []),
    ],
    rowGroupSize,
    kvMetadata: [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }],
  });
  return new Uint8Array(buffer);
}
