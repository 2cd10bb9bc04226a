import { host, type PackedFormat } from "../../../../src/host/host.ts";
import { messageOf } from "../../messages.ts";
import { unpackHadoopLz4, unpackLz4 } from "./lz4.ts";
import { unpackSnappy } from "./snappy.ts";

/** A way of packing: its name, and how it is undone; only named if it is not. */
interface Codec {
  readonly name: string;
  readonly unpack?: (bytes: Uint8Array, size: number) => Uint8Array;
}

const byHost = (format: PackedFormat) => (bytes: Uint8Array, size: number) =>
  host().unpack(bytes, format, { most: Math.max(1, size) });

/** The ways of packing, by Parquet's numbers. */
const codecs: readonly Codec[] = [
  { name: "none", unpack: (bytes) => bytes },
  { name: "Snappy", unpack: unpackSnappy },
  { name: "gzip", unpack: byHost("gzip") },
  { name: "LZO" },
  { name: "Brotli", unpack: byHost("brotli") },
  { name: "LZ4", unpack: unpackHadoopLz4 },
  { name: "Zstandard", unpack: byHost("zstd") },
  { name: "LZ4", unpack: unpackLz4 },
];

/**
 * Throws if pages cannot be unpacked, before any is.
 *
 * @param codec Parquet's number of the way they are packed.
 * @throws {SyntaxError} if it is not supported.
 */
export function checkCodec(codec: number): void {
  if (codecs[codec]?.unpack !== undefined) return;
  throw new SyntaxError(
    `it is packed with ${codecs[codec]?.name ?? `method ${codec}`}, which is not supported; ` +
      "write it again packed with Snappy",
  );
}

/**
 * Unpacks a page to no more bytes than it says it has.
 *
 * @throws {SyntaxError} if it makes more or less, is damaged, or its way of packing is not supported.
 */
export function unpackPage(bytes: Uint8Array, codec: number, size: number): Uint8Array {
  checkCodec(codec);
  if (size === 0) return new Uint8Array();
  const { name, unpack } = codecs[codec]!;
  let out: Uint8Array;
  try {
    out = unpack!(bytes, size);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    throw new SyntaxError(`a page packed with ${name} is damaged (${messageOf(cause)})`, { cause });
  }
  if (out.length === size) return out;
  throw new SyntaxError(`a page unpacks to ${out.length} bytes, expected ${size}`);
}
