import { createHash } from "node:crypto";
import {
  brotliDecompressSync,
  constants,
  crc32,
  createInflate,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { type Codecs, type PackedFormat, UnpackError, type UnpackOptions } from "./codecs.ts";

/** Bytes that come out of a stream at once. */
const PIECE = 2 ** 18;

/** How each format is unpacked. */
const unpackers: Readonly<
  Record<PackedFormat, (bytes: Uint8Array, options: { maxOutputLength?: number }) => Uint8Array>
> = {
  zlib: inflateSync,
  deflate: inflateRawSync,
  gzip: gunzipSync,
  brotli: brotliDecompressSync,
  zstd: (bytes, options) => zstdDecompressSync(bytes, options),
};

/** Checksums and unpacking by the libraries that Deno and Node have built in. */
export const nativeCodecs: Codecs = {
  sha256() {
    const hash = createHash("sha256");
    return {
      update(data) {
        hash.update(data);
        return this;
      },
      digest: (encoding) => hash.digest(encoding),
    };
  },
  crc32: (bytes, before) => crc32(bytes, before),
  unpack(bytes, format, { most, mayEndEarly }: UnpackOptions = {}) {
    try {
      const { buffer, byteOffset, byteLength } = unpackers[format](bytes, {
        ...(most === undefined ? {} : { maxOutputLength: most }),
        ...(mayEndEarly ? { finishFlush: constants.Z_SYNC_FLUSH } : {}),
      });
      return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    } catch (cause) {
      throw failure(cause);
    }
  },
  async *unpackPieces(pieces) {
    const inflate = createInflate({ chunkSize: PIECE });
    const feed = async (): Promise<void> => {
      for (const piece of pieces) await new Promise<void>((resolve) => inflate.write(piece, () => resolve()));
      inflate.end();
    };
    try {
      void feed();
      for await (const piece of inflate) yield piece as Uint8Array;
    } catch (cause) {
      throw failure(cause);
    } finally {
      inflate.destroy();
    }
  },
};

function failure(cause: unknown): UnpackError {
  const code = (cause as { code?: unknown } | undefined)?.code;
  const kind = code === "ERR_BUFFER_TOO_LARGE"
    ? "too long"
    : code === "Z_BUF_ERROR"
    ? "ends early"
    : "damaged";
  return new UnpackError(kind, cause instanceof Error ? cause.message : `${cause}`, { cause });
}
