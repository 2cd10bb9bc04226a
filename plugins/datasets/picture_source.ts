import { basename, extname, join, relative } from "node:path";
import { DatasetError } from "./contract.ts";
import { messageOf, quote } from "./wording.ts";

/** Where the pictures of a dataset are: a folder, or a zip file. */
export interface PictureSource {
  /** Paths of the pictures within the source, `/` between their parts, in the order of UTF-16 code units. */
  readonly names: readonly string[];
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

/**
 * Lists the pictures in a folder and the folders in it. Links are followed, but into no folder twice.
 *
 * @throws {DatasetError} Where there are none, or a folder cannot be read.
 */
export async function openFolder(root: string, signal: AbortSignal): Promise<PictureSource> {
  const names: string[] = [];
  const others: string[] = [];
  const visited = new Set<string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    try {
      const real = await Deno.realPath(folder);
      if (visited.has(real)) continue;
      visited.add(real);
      for await (const entry of Deno.readDir(folder)) {
        const path = join(folder, entry.name);
        // A link to nothing is neither
        const kind = entry.isSymlink ? await Deno.stat(path).catch(() => entry) : entry;
        const name = relative(root, path).replaceAll("\\", "/");
        if (kind.isDirectory) folders.push(path);
        else if (kind.isFile) (isPicture(name) ? names : others).push(name);
      }
    } catch (cause) {
      throw new DatasetError(`The folder ${quote(folder)} cannot be listed: ${messageOf(cause)}`, { cause });
    }
  }
  if (names.length === 0) throw noPictures(root, others);
  return {
    names: names.sort(),
    read: (name) => Deno.readFile(join(root, name)),
    close: () => Promise.resolve(),
  };
}
