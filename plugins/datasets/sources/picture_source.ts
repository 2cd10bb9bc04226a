import { basename, extname } from "node:path";
import { DatasetError, type Labels } from "../contract.ts";
import { quote } from "../wording.ts";
import type { FilePart } from "./file_part.ts";

/** Where the pictures of a dataset are: a folder, or an archive. */
export interface PictureSource {
  /** Paths of the pictures within the source, `/` between their parts, in the order of UTF-16 code units. */
  readonly names: readonly string[];
  /** Which of several pictures of the same names these are, where files hold more than one: a column. */
  readonly view?: string;
  /** What is known of each, in the order of the names; without it the last folder on its path is its class. */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** The bytes of one of the pictures. */
  read(name: string): Promise<Uint8Array>;
  /** Where a picture lies, so that a worker can read it: path of a file, or part of one. Without it they are sent. */
  placeOf?(name: string): string | FilePart;
  /** Stands for the files that these pictures are in: another one as soon as a path, a size or a date is another. */
  fingerprint(names: readonly string[], signal: AbortSignal): Promise<string>;
  /** Gives back what is open. */
  close(): Promise<void>;
}

/** Endings of the files that are taken for pictures, in small letters. */
const pictureExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp"];

/** Whether a path is that of a picture; what systems leave behind in folders and archives is none. */
export function isPicture(path: string): boolean {
  if (/(?:^|\/)(?:\.|__MACOSX(?:\/|$))/.test(path)) return false;
  return pictureExtensions.includes(extname(path).toLowerCase());
}

/** The error for a source without pictures, which says what was found instead. */
export function noPictures(source: string, found: readonly string[]): DatasetError {
  const endings = [...new Set(found.map((name) => extname(name).toLowerCase() || basename(name)))].sort();
  const shown = endings.slice(0, 5).join(", ") + (endings.length > 5 ? ", ..." : "");
  const count = `${found.length} other ${found.length === 1 ? "file" : "files"} (${shown})`;
  return new DatasetError(
    `${quote(source)} must hold pictures (${pictureExtensions.join(", ")}): found ${
      found.length === 0 ? "no files" : count
    }`,
  );
}
