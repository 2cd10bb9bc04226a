import { sha256 } from "@noble/hashes/sha2.js";
import { Inflate } from "pako/browser/inflate";
import { crc32 } from "./crc32.ts";
import { type Codecs, type PackedFormat, UnpackError } from "../codecs.ts";

/** The window of each format, as zlib counts it. */
const WINDOWS: Readonly<Partial<Record<PackedFormat, number>>> = { zlib: 15, deflate: -15, gzip: 31 };

/** zlib's number for: give what there is. */
const Z_SYNC_FLUSH = 2;

/** Checksums and unpacking in JavaScript, as pages have neither at once and piece by piece. */
export const webCodecs: Codecs = {
  sha256() {
    const hash = sha256.create();
    return {
      update(data) {
        hash.update(typeof data === "string" ? new TextEncoder().encode(data) : data);
        return this;
      },
      digest(encoding) {
        const bytes = hash.digest();
        return encoding === "hex"
          ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
          : btoa(String.fromCharCode(...bytes));
      },
    };
  },

  crc32,

  unpack(bytes, format, { most = Infinity, mayEndEarly = false } = {}) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    const inflate = inflateOf(format, (piece) => {
      pieces.push(piece);
      length += piece.length;
      if (length > most) throw new UnpackError("too long", `it unpacks to more than ${most} bytes`);
    });
    inflate.push(bytes, Z_SYNC_FLUSH);
    expectGood(inflate, mayEndEarly);
    const all = new Uint8Array(length);
    for (let at = 0, i = 0; i < pieces.length; at += pieces[i++]!.length) all.set(pieces[i]!, at);
    return all;
  },

  async *unpackPieces(packed) {
    let pieces: Uint8Array[] = [];
    const inflate = inflateOf("zlib", (piece) => pieces.push(piece));
    for (const part of packed) {
      inflate.push(part, Z_SYNC_FLUSH);
      yield* pieces;
      pieces = [];
      if (inflate.ended) break;
    }
    expectGood(inflate, false);
  },
};

function inflateOf(format: PackedFormat, take: (piece: Uint8Array<ArrayBuffer>) => void): Inflate {
  const windowBits = WINDOWS[format];
  if (windowBits === undefined) {
    throw new UnpackError("unknown format", `a page cannot unpack ${format}`);
  }
  const inflate = new Inflate({ windowBits });
  inflate.onData = take;
  return inflate;
}

function expectGood({ ended, err, msg }: Inflate, mayEndEarly: boolean): void {
  if (err !== 0 && err !== Z_BUF_ERROR) throw new UnpackError("damaged", msg || `error ${err}`);
  if (!ended && !mayEndEarly) throw new UnpackError("ends early", "unexpected end of file");
}

/** zlib's number for: there was nothing to do. */
const Z_BUF_ERROR = -5;
