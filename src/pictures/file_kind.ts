/** What a file is by its first bytes, and what to do with it if it is not what was expected. */

/** A kind of file. */
export interface FileKind {
  /** What it is, with its article: `a web page`. */
  readonly name: string;
  /**
   * What it is good for here: it is a picture, a file of pictures that is read under some name, or neither.
   */
  readonly use: "picture" | "data" | "none";
  /**
   * What to do with it if something else was expected, to follow a colon; empty if there is nothing to say.
   */
  readonly advice: string;
}

/** First bytes, enough to recognize most kinds; tar has its mark at 257. */
export const KIND_BYTES = 512;

const convert = "convert it to JPEG or PNG";
const unpack = "unpack it and give the folder";
const folder = "give the folder that it lies in";
const arrays = "save its arrays as .npy, or its pictures as PNG";
const digits = "give its folder, --data mnist --data-root FOLDER";

/** A kind, and the place of one of its marks: bytes, of which `?` may be any. */
type Marked = readonly [
  ...readonly [name: string, use: FileKind["use"], advice: string],
  ...readonly [marks: string | readonly string[], offset?: number],
];

/** More special marks come before those that go for more. */
const marked: readonly Marked[] = [
  ["a JPEG picture", "picture", folder, "\xff\xd8\xff"],
  ["a PNG picture", "picture", folder, "\x89PNG\r\n\x1a\n"],
  ["a GIF picture", "picture", folder, ["GIF87a", "GIF89a"]],
  ["a WebP picture", "picture", folder, "RIFF????WEBP"],
  ["a BMP picture", "picture", folder, `BM${"?".repeat(13)}\0\0\0`],
  // A tar starts with a name, which may look like anything
  ["a tar", "data", unpack, "ustar", 257],
  ["a TIFF picture", "none", convert, ["II*\0", "II+\0", "MM\0*", "MM\0+"]],
  ["an AVIF picture", "none", convert, "ftypavi", 4],
  ["a HEIC picture", "none", convert, "ftyphe", 4],
  ["a HEIC or AVIF picture", "none", convert, ["ftypmi", "ftypms"], 4],
  ["a raw picture of a camera", "none", convert, "ftypcrx", 4],
  ["a video", "none", "save its frames as pictures", "ftyp", 4],
  ["a JPEG XL picture", "none", convert, "\xff\x0a"],
  ["a JPEG XL picture", "none", convert, "JXL ", 4],
  ["a JPEG 2000 picture", "none", convert, "jP  ", 4],
  ["a JPEG 2000 picture", "none", convert, "\xff\x4f\xff\x51"],
  ["a Photoshop picture", "none", convert, "8BPS"],
  ["an OpenEXR picture", "none", convert, "\x76\x2f\x31\x01"],
  ["a Radiance picture", "none", convert, "#?RADIANCE"],
  ["a DDS picture", "none", convert, "DDS \x7c"],
  ["a QOI picture", "none", convert, "qoif"],
  ["an icon", "none", convert, "\0\0\x01\0"],
  ["a PDF", "none", "save its pictures as JPEG or PNG", "%PDF"],
  ["a zip", "data", unpack, "PK\x03\x04"],
  ["an empty zip", "data", unpack, "PK\x05\x06"],
  ["a part of a split zip", "none", "put the parts together and unpack them", "PK\x07\x08"],
  ["a gzip", "data", unpack, "\x1f\x8b"],
  ["a 7z archive", "none", unpack, "7z\xbc\xaf\x27\x1c"],
  ["a RAR archive", "none", unpack, "Rar!\x1a\x07"],
  ["a file packed with bzip2", "none", unpack, "BZh?1AY&SY"],
  ["a file packed with xz", "none", unpack, "\xfd7zXZ\0"],
  ["a file packed with Zstandard", "none", unpack, "\x28\xb5\x2f\xfd"],
  ["a file packed with LZ4", "none", unpack, "\x04\x22\x4d\x18"],
  ["a file packed with compress", "none", unpack, "\x1f\x9d"],
  ["an array of NumPy", "data", "give it a name that ends in .npy", "\x93NUMPY"],
  ["a Parquet file", "data", "give it a name that ends in .parquet", "PAR1"],
  ["an IDX file, the format of MNIST", "data", digits, ["\0\0\x08\x01", "\0\0\x08\x03"]],
  ["an HDF5 file", "none", arrays, "\x89HDF\r\n\x1a\n"],
  ["a MATLAB file", "none", arrays, "MATLAB 5.0"],
  ["an Arrow file", "none", "save it as Parquet", "ARROW1"],
  ["a database of SQLite", "none", "", "SQLite format 3\0"],
  ["a pickle of Python", "none", arrays, ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"]],
];

/** A kind of text, by how it starts. */
const written: readonly (readonly [name: string, advice: string, start: RegExp])[] = [
  [
    "a Git LFS pointer",
    "run git lfs pull in its repository to fetch the file itself",
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
  ],
  ["an SVG picture", convert, /^(?:<\?xml[^>]*>|<!--(?:(?!-->)[^])*-->|<!DOCTYPE svg[^>]*>|\s)*<svg[\s>]/i],
  [
    "a web page",
    "it was saved in place of the file; download that again",
    /^\s*(?:<!--(?:(?!-->)[^])*-->\s*)*<(?:!doctype html|html|head|body|script|meta|title)\b/i,
  ],
  ["XML", "", /^\s*<(?:\?xml|[A-Za-z][\w:]*[\s>])/],
  ["JSON", "", /^\s*(?:\{\s*["}]|\[\s*["{[\d\]-])/],
];

const latin1 = new TextDecoder("latin1");

/** The first words of PPM and its like: a kind, then width and height, with comments between them. */
const netpbm = /^P[1-6]\s(?:#.*\n|\s)*\d+\s(?:#.*\n|\s)*\d+\s/;

/**
 * What a file is by its first bytes; `undefined` if they say nothing.
 *
 * @param start The first {@linkcode KIND_BYTES} bytes, or fewer if the file is shorter.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fileKind } from "./mod.ts";
 *
 * assertEquals(fileKind(new TextEncoder().encode("<!DOCTYPE html><title>404</title>"))?.name, "a web page");
 * ```
 */
export function fileKind(start: Uint8Array): FileKind | undefined {
  if (start.length === 0) return { name: "an empty file", use: "none", advice: "copy or download it again" };
  for (const [name, use, advice, marks, offset = 0] of marked) {
    if ([marks].flat().some((mark) => bears(start, mark, offset))) return { name, use, advice };
  }
  // Pixels may follow its first words
  if (netpbm.test(latin1.decode(start.subarray(0, 256)))) {
    return { name: "a PPM, PGM or PBM picture", use: "none", advice: convert };
  }
  const text = textOf(start);
  if (text === undefined) return undefined;
  for (const [name, advice, pattern] of written) if (pattern.test(text)) return { name, use: "none", advice };
  return isTable(text)
    ? {
      name: "a table of text",
      use: "none",
      advice: "give the pictures that it names, or save its pixels as .npy",
    }
    : { name: "a text file", use: "none", advice: "" };
}

/** Whether a mark is in its place; the brands of `ftyp` and the like may be cut short. */
function bears(start: Uint8Array, mark: string, offset: number): boolean {
  if (start.length < offset + mark.length) return false;
  for (let i = 0; i < mark.length; i++) {
    if (mark[i] !== "?" && start[offset + i] !== mark.charCodeAt(i)) return false;
  }
  return true;
}

/** The bytes as text, without a byte order mark; nothing if they are none. */
function textOf(start: Uint8Array): string | undefined {
  // deno-lint-ignore no-control-regex
  const control = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;
  const wide = start[0] === 0xff && start[1] === 0xfe
    ? "utf-16le"
    : start[0] === 0xfe && start[1] === 0xff
    ? "utf-16be"
    : undefined;
  try {
    // As it streams, a letter that the end cuts is no fault
    const text = new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(start, { stream: true });
    return control.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Whether the first two lines have as many cells, or the first one more than there is to see of it. */
function isTable(text: string): boolean {
  const [first = "", second] = text.split(/\r?\n/);
  return [",", ";", "\t"].some((mark) => {
    const count = first.split(mark).length;
    return second === undefined ? count > 20 : count > 1 && second.split(mark).length === count;
  });
}
