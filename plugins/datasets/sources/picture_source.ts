import { basename, extname } from "node:path";
import { DatasetError, type Labels } from "../contract.ts";
import { quote } from "../wording.ts";

/** Where the pictures of a dataset are: a folder, or an archive. */
export interface PictureSource {
  /** Paths of the pictures within the source, `/` between their parts, in the order of UTF-16 code units. */
  readonly names: readonly string[];
  /** What is known of each, in the order of the names; without it the last folder on its path is its class. */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** The bytes of one of the pictures. */
  read(name: string): Promise<Uint8Array>;
  /** Gives back what is open. */
  close(): Promise<void>;
}

/** Endings of the files that are taken for pictures, in small letters. */
const pictureExtensions: readonly string[] = [".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp"];

/** Whether a path is that of a picture; what systems leave behind in folders and archives is none. */
export function isPicture(path: string): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || part === "__MACOSX")) return false;
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
