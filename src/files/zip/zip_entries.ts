import type { Entry } from "@zip.js/zip.js";
import type { ByteSource } from "./byte_source.ts";
import type { ZipMember } from "./zip_member.ts";

/** Most bytes of a zip's directory, which is read as a whole; those of ten million pictures have fewer. */
const MOST_DIRECTORY = 2 ** 30;

const STORED = 0;
const DEFLATED = 8;

/** The directory of a zip takes more bytes than are read. */
export class ZipDirectoryError extends RangeError {
  /** Name of the class. */
  override name = "ZipDirectoryError";
}

/** How a zip is listed. */
export interface ZipListing {
  /** Whether names may lead out of the zip, because the caller rejects them or does not write files. */
  readonly anyName?: boolean;
}

/**
 * Lists what is in a zip. Only its directory is read, by zip.js.
 *
 * @throws {ZipDirectoryError} if its directory is too large.
 * @throws {Error} if it is no whole zip.
 */
export async function* zipEntries(
  source: ByteSource,
  { anyName = false }: ZipListing,
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
        throw new ZipDirectoryError(
          `must have a directory of ${MOST_DIRECTORY} bytes at most, found ${length}`,
        );
      }
      // zip.js looks for the end of the directory in more than there may be
      return Promise.resolve(this.source.read(offset, Math.max(0, Math.min(length, this.size - offset))));
    }
  }

  const reader = new ZipReader(new SourceReader(source), anyName ? { filenameValidation: "tolerant" } : {});
  yield* reader.getEntriesGenerator();
}

/** Whether a member is packed in one of the ways that are read here. */
export function isReadable({ compressionMethod }: Entry): boolean {
  return compressionMethod === STORED || compressionMethod === DEFLATED;
}

/** What is needed of a directory's entry, which is thousands of bytes, to read the member later. */
export function memberOf(entry: Entry): Required<ZipMember> {
  const { offset, compressedSize, uncompressedSize, compressionMethod, signature } = entry;
  const packed = { deflated: compressionMethod === DEFLATED, size: uncompressedSize, crc32: signature ?? 0 };
  return { offset, size: compressedSize, packed };
}
