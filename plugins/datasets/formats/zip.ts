import type { Entry } from "@zip.js/zip.js";
import { DatasetError } from "../contract.ts";
import { messageOf, quote } from "../messages.ts";
import type { FilePart } from "../sources/file_part.ts";
import type { ByteSource } from "./byte_source.ts";

/** Most bytes of a zip's directory, which is read as a whole; those of ten million pictures have fewer. */
const MOST_DIRECTORY = 2 ** 30;

const STORED = 0;
const DEFLATED = 8;

/** How a zip is listed. */
export interface ZipListing {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What messages call the file. */
  readonly what: string;
  /** Whether names may lead out of the zip, because the caller rejects them. */
  readonly anyName?: boolean;
}

/**
 * Lists what is in a zip. Only its directory is read, by zip.js.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if it is no whole zip.
 */
export async function* zipEntries(
  source: ByteSource,
  path: string,
  { signal, what, anyName = false }: ZipListing,
): AsyncGenerator<Entry> {
  const { configure, Reader, ZipReader } = await import("@zip.js/zip.js");
  // Unpacking one picture is faster than sending it to a worker
  configure({ useWebWorkers: false });

  class SourceReader extends Reader<ByteSource> {
    constructor(readonly source: ByteSource) {
      super(source);
      this.size = source.size;
    }

    override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      if (length > MOST_DIRECTORY) {
        throw new DatasetError(
          `${quote(path)} must have a directory of ${MOST_DIRECTORY} bytes at most, found ${length}`,
        );
      }
      // zip.js looks for the end of the directory in more than there may be
      return Promise.resolve(this.source.read(offset, Math.max(0, Math.min(length, this.size - offset))));
    }
  }

  try {
    const reader = new ZipReader(new SourceReader(source), anyName ? { filenameValidation: "tolerant" } : {});
    for await (const entry of reader.getEntriesGenerator()) {
      signal.throwIfAborted();
      yield entry;
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(
      `${quote(path)} must be a whole ${what}, found "${messageOf(cause)}"; it may be cut short, ` +
        "copy or download it again",
      { cause },
    );
  }
}

/** Whether a member is packed in one of the ways that are read here. */
export function isReadable({ compressionMethod }: Entry): boolean {
  return compressionMethod === STORED || compressionMethod === DEFLATED;
}

/** What is needed of a directory's entry, which is thousands of bytes, to read the member later. */
export function partOf(entry: Entry, path: string): FilePart {
  const { offset, compressedSize, uncompressedSize, compressionMethod, signature } = entry;
  const packed = { deflated: compressionMethod === DEFLATED, size: uncompressedSize, crc32: signature ?? 0 };
  return { path, offset, size: compressedSize, packed };
}
