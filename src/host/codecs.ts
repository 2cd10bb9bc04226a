/** Checksums, and unpacking. */
export interface Codecs {
  /** Begins a SHA-256 checksum. */
  sha256(): Sha256;
  /** The CRC-32 of bytes, continued from those before. */
  crc32(bytes: Uint8Array | string, before?: number): number;
  /**
   * Unpacks bytes.
   *
   * @throws {UnpackError}
   */
  unpack(bytes: Uint8Array, format: PackedFormat, options?: UnpackOptions): Uint8Array<ArrayBuffer>;
  /**
   * Unpacks a zlib stream piece by piece. What comes after its end is passed over.
   *
   * @throws {UnpackError}
   */
  unpackPieces(pieces: Iterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** How bytes are packed: zlib, plain deflate, and others that not every runtime has. */
export type PackedFormat = "zlib" | "deflate" | "gzip" | "brotli" | "zstd";

/** Options of {@linkcode Codecs.unpack}. */
export interface UnpackOptions {
  /** Most bytes that may come out. */
  readonly most?: number;
  /** Whether the packed bytes may end early; what can be had of them comes out. */
  readonly mayEndEarly?: boolean;
}

/** Bytes that cannot be unpacked. */
export class UnpackError extends Error {
  /** Why. */
  readonly kind: "too long" | "ends early" | "damaged" | "unknown format";

  /** Why, and in the words of the library that unpacks. */
  constructor(kind: UnpackError["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnpackError";
    this.kind = kind;
  }
}

/** A SHA-256 checksum in the making. */
export interface Sha256 {
  /** Adds bytes, or a text as UTF-8. */
  update(data: string | Uint8Array): this;
  /** Ends it. */
  digest(encoding: "hex" | "base64"): string;
}
