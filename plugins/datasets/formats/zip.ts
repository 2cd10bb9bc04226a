import type { Entry } from "@zip.js/zip.js";
import {
  memberOf,
  ZipDirectoryError,
  zipEntries as entriesOf,
  type ZipListing as Listing,
} from "../../../src/files/zip/zip_entries.ts";
import { DatasetError } from "../contract.ts";
import { messageOf, quote } from "../messages.ts";
import type { FilePart } from "../sources/file_part.ts";
import type { ByteSource } from "./byte_source.ts";

export { isReadable } from "../../../src/files/zip/zip_entries.ts";

/** How a zip is listed. */
export interface ZipListing extends Listing {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What messages call the file. */
  readonly what: string;
}

/**
 * Lists what is in a zip. Only its directory is read.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if it is no whole zip.
 */
export async function* zipEntries(
  source: ByteSource,
  path: string,
  { signal, what, ...listing }: ZipListing,
): AsyncGenerator<Entry> {
  try {
    for await (const entry of entriesOf(source, listing)) {
      signal.throwIfAborted();
      yield entry;
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof DatasetError) throw cause;
    if (cause instanceof ZipDirectoryError) {
      throw new DatasetError(`${quote(path)} ${cause.message}`, { cause });
    }
    throw new DatasetError(
      `${quote(path)} must be a whole ${what}, found "${messageOf(cause)}"; it may be cut short, ` +
        "copy or download it again",
      { cause },
    );
  }
}

/** What is needed of a directory's entry, which is thousands of bytes, to read the member later. */
export function partOf(entry: Entry, path: string): FilePart {
  return { path, ...memberOf(entry) };
}
