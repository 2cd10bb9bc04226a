import { host } from "../../../src/host/host.ts";
import { type FileKind, fileKind, KIND_BYTES } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";
import type { ByteSource } from "./byte_source.ts";
import { isHeader } from "./tar.ts";

/** Bytes of a gzip that hold the first ones of what is packed in it. */
const PACKED_START = 2 ** 15;

/** What a file is by its first bytes, a tar without the mark of newer ones too. */
export function kindOf(source: ByteSource): FileKind | undefined {
  const start = source.read(0, Math.min(KIND_BYTES, source.size));
  const kind = fileKind(start);
  const isOldTar = kind?.name !== "a tar" && isHeader(start);
  return isOldTar ? { name: "a tar", use: "data", advice: "unpack it and give the folder" } : kind;
}

/** Whether a gzip holds a tar. */
export function holdsTar(source: ByteSource): boolean {
  try {
    const bytes = source.read(0, Math.min(PACKED_START, source.size));
    return isHeader(host().unpack(bytes, "gzip", { mayEndEarly: true }).subarray(0, KIND_BYTES));
  } catch {
    return false;
  }
}

/** Kinds with so short a signature that pixels may look like them. */
const vague: readonly string[] = [
  ...["an icon", "a JPEG XL picture", "a file packed with compress", "a pickle of Python"],
  ...["a text file", "a table of text", "JSON"],
];

/**
 * Throws if a file is plainly something that is never read here, whatever it is named: a web page that was
 * saved in its place, say, or an archive of another kind.
 *
 * @param path The file's path, for messages.
 */
export function refuseOther(start: Uint8Array, path: string): void {
  const kind = fileKind(start);
  if (kind?.use === "none" && !vague.includes(kind.name)) {
    throw new DatasetError(`${quote(path)} is ${said(kind)}`, { kind: "other-format" });
  }
}

/** A kind with what to do: `a web page: it was saved in place of the file; download that again`. */
function said({ name, advice }: FileKind): string {
  return advice === "" ? name : `${name}: ${advice}`;
}
