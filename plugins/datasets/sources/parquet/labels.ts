import { DatasetError, type Labels } from "../../contract.ts";
import type { ByteSource } from "../../formats/byte_source.ts";
import { readParquetChunk } from "../../formats/parquet/column.ts";
import type { ParquetColumn, ParquetGroup } from "../../formats/parquet/metadata.ts";
import type { ParquetValue } from "../../formats/parquet/plain.ts";
import { messageOf, quote } from "../../messages.ts";
import { chunkOf } from "./columns.ts";

/** Classes of a column of bits. */
const bitNames: readonly string[] = ["false", "true"];

/** Reads the labels of all files. Training does not need them, so problems with them are only reported. */
export class LabelReader {
  readonly #isWanted: boolean;
  readonly #report: (message: string) => void;
  readonly #values: ParquetValue[] = [];
  #isLeftOut = false;

  /**
   * @param isWanted Whether the user named the labels: then a problem with them is an error.
   * @param report Called with the reason why they are left out.
   */
  constructor(isWanted: boolean, report: (message: string) => void) {
    this.#isWanted = isWanted;
    this.#report = report;
  }

  /** Reads those of a row group. */
  read(source: ByteSource, path: string, group: ParquetGroup, column: ParquetColumn): void {
    if (this.#isLeftOut) return;
    try {
      const found = readParquetChunk(source, column, chunkOf(group, column), group.rows);
      for (const value of found) this.#values.push(value);
    } catch (cause) {
      this.leaveOut(path, column.name, cause);
    }
  }

  /** Leaves labels out, or throws if the user named them. */
  leaveOut(path: string, column: string, cause: unknown): void {
    if (this.#isLeftOut) return;
    const problem = `The labels in column ${quote(column)} of ${quote(path)} cannot be read: ` +
      `${messageOf(cause)}`;
    if (this.#isWanted) throw new DatasetError(problem, { cause });
    this.#report(`${problem}; they are left out`);
    this.#isLeftOut = true;
    this.#values.length = 0;
  }

  /** The labels: numbers of classes, their names, or numbers that vary. None if they are left out. */
  all({ name, type }: ParquetColumn, names: readonly string[] | undefined): Record<string, Labels> {
    if (this.#isLeftOut) return {};
    const varies = type === "float" || type === "double";
    // A test set may have no labels, and -1 or no number in their place
    const isMissing = (value: ParquetValue) =>
      value === null || typeof value === "number" && (varies ? !Number.isFinite(value) : value < 0);
    const missing = this.#values.reduce((count: number, value) => count + (isMissing(value) ? 1 : 0), 0);
    if (missing > 0) {
      this.#report(
        `${missing} of the ${this.#values.length} rows have no label in column ${quote(name)}: ` +
          "labels are left out",
      );
      return {};
    }
    const decoder = new TextDecoder();
    const found = this.#values.map((value) =>
      value instanceof Uint8Array ? decoder.decode(value) : value as number
    );
    if (found.some((value) => typeof value === "string")) {
      const classes = [...new Set(found.map(String))].sort();
      const places = new Map(classes.map((name, i) => [name, i]));
      return { class: { classes, at: (index) => places.get(String(found[index]))! } };
    }
    const classes = names ?? (type === "bool" ? bitNames : undefined);
    const most = (found as number[]).reduce((a, b) => Math.max(a, b), 0);
    const isClass = classes !== undefined && !varies && most < classes.length;
    return { class: { ...(isClass ? { classes } : {}), at: (index) => found[index] as number } };
  }
}
