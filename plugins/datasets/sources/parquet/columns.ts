import { DatasetError } from "../../contract.ts";
import type {
  ParquetChunk,
  ParquetColumn,
  ParquetGroup,
  ParquetMetadata,
} from "../../formats/parquet/metadata.ts";
import { quote } from "../../messages.ts";

/** Names of the columns that are wanted; empty ones are found. */
export interface WantedColumns {
  /** Column of pictures. */
  readonly image: string;
  /** Column of labels. */
  readonly label: string;
}

/** What columns of pictures are called, the likeliest first. */
const imageNames = ["image", "img", "picture", "photo", "jpg", "png"];

/** What columns of labels are called. */
const labelColumnNames = ["label", "labels", "class", "fine_label", "target", "cls", "category"];

/** What the hub writes beside its tables: kind and class names of each column. */
interface Features {
  readonly [column: string]: { readonly _type?: unknown; readonly names?: unknown } | undefined;
}

/** The columns that were found. */
export interface FoundColumns {
  /** Column of pictures. */
  readonly image: ParquetColumn;
  /** Column of labels, if there is one. */
  readonly label: ParquetColumn | undefined;
  /** A column that has the name of one of labels, and why it is none. */
  readonly unread?: { readonly name: string; readonly reason: string };
}

/**
 * Finds the columns of pictures and of labels: those that are named, else those that the hub says are of
 * these kinds, else by their usual names.
 *
 * @throws {DatasetError} if a column is not there, or there is none of pictures.
 */
export function findColumns(
  metadata: ParquetMetadata,
  wanted: WantedColumns,
  path: string,
): FoundColumns {
  const columns = new Map(metadata.columns.map((column) => [column.name, column]));
  const features = featuresOf(metadata);
  const ofKind = (kind: string) => Object.keys(features).filter((name) => features[name]?._type === kind);
  const picture = (name: string): ParquetColumn | undefined => {
    const column = columns.get(`${name}.bytes`) ?? columns.get(name);
    return column?.type === "bytes" && !column.repeated ? column : undefined;
  };
  const structs = metadata.columns.filter(({ name }) => name.endsWith(".bytes")).map(({ name }) =>
    name.slice(0, -".bytes".length)
  );
  const shown = metadata.columns.map(({ name, type, repeated }) =>
    `${name}${repeated ? " (a list)" : type === "other" ? " (neither numbers nor bytes)" : ""}`
  ).join(", ");
  const images = wanted.image === "" ? [...ofKind("Image"), ...imageNames, ...structs] : [wanted.image];
  const image = images.map(picture).find((column) => column !== undefined);
  if (image === undefined) {
    throw new DatasetError(
      wanted.image === ""
        ? `${quote(path)} must have a column of pictures, ` +
          `named by the option "image" if it has another name, found ${shown}`
        : `${quote(path)} must have the column of pictures ${quote(wanted.image)}, found ${shown}`,
    );
  }
  const labels = wanted.label === "" ? [...ofKind("ClassLabel"), ...labelColumnNames] : [wanted.label];
  const named = labels.map((name) => columns.get(name)).filter((column) => column !== undefined);
  const label = named.find(({ repeated, type }) => !repeated && type !== "other");
  if (label === undefined && wanted.label !== "") {
    throw new DatasetError(
      `${quote(path)} must have the column of labels ${quote(wanted.label)}, found ${shown}`,
    );
  }
  const [other] = named;
  if (label !== undefined || other === undefined) return { image, label };
  const reason = other.repeated ? "it holds lists" : "it holds neither numbers nor bytes";
  return { image, label, unread: { name: other.name, reason } };
}

/** A column's part of a row group. */
export function chunkOf(group: ParquetGroup, { name }: ParquetColumn): ParquetChunk {
  const chunk = group.chunks.get(name);
  if (chunk !== undefined) return chunk;
  throw new SyntaxError(`a row group lacks column ${name}`);
}

/** Names of a label's classes, if the hub says them. */
export function labelNames(metadata: ParquetMetadata, label: string): readonly string[] | undefined {
  const names = featuresOf(metadata)[label]?.names;
  return Array.isArray(names) && names.every((name) => typeof name === "string") ? names : undefined;
}

function featuresOf({ extra }: ParquetMetadata): Features {
  try {
    const features: unknown = JSON.parse(extra.get("huggingface") ?? "{}")?.info?.features;
    return typeof features === "object" && features !== null ? features as Features : {};
  } catch {
    return {};
  }
}
