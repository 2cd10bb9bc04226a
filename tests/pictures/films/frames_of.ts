import { decodePicture, type Picture } from "../../../src/pictures/mod.ts";
import { pngChunks } from "../../../src/pictures/headers/png_header.ts";
import { webpChunks } from "../../../src/pictures/headers/webp_header.ts";
import { PNG_SIGNATURE, pngChunk } from "../../../src/pictures/png/write_chunks.ts";

/** A frame as a reader of the format takes it. */
export interface ReadFrame {
  /** Milliseconds. */
  readonly duration: number;
  /** Its pixels. */
  readonly picture: Picture;
}

/** A film as a reader takes it. */
export interface ReadFilm {
  readonly width: number;
  readonly height: number;
  /** How often it is played; 0 is forever. */
  readonly plays: number;
  readonly frames: readonly ReadFrame[];
}

/** Reads an APNG: every frame becomes a PNG of its own. */
export async function readApng(bytes: Uint8Array): Promise<ReadFilm> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [...pngChunks(bytes)];
  const header = chunks.find(({ type }) => type === "IHDR")!;
  const animation = chunks.find(({ type }) => type === "acTL")!;
  const parts: { duration: number; data: Uint8Array[] }[] = [];
  let sequence = 0;
  const expectNext = (start: number) => {
    if (view.getUint32(start + 8) !== sequence++) throw new Error("chunks of the animation are out of order");
  };
  for (const { type, start, end } of chunks) {
    if (type === "fcTL") {
      expectNext(start);
      parts.push({ duration: 1000 * view.getUint16(start + 28) / view.getUint16(start + 30), data: [] });
    } else if (type === "IDAT") parts.at(-1)!.data.push(bytes.subarray(start + 8, end - 4));
    else if (type === "fdAT") {
      expectNext(start);
      parts.at(-1)!.data.push(bytes.subarray(start + 12, end - 4));
    }
  }
  if (view.getUint32(animation.start + 8) !== parts.length) throw new Error("the number of frames is wrong");
  const frames = await Promise.all(parts.map(async ({ duration, data }) => {
    const png = [
      PNG_SIGNATURE,
      bytes.subarray(header.start, header.end),
      pngChunk("IDAT", ...data),
      pngChunk("IEND"),
    ];
    return { duration, picture: await decodePicture(Buffer.concat(png)) };
  }));
  return {
    width: view.getUint32(header.start + 8),
    height: view.getUint32(header.start + 12),
    plays: view.getUint32(animation.start + 12),
    frames,
  };
}

/** Reads an animated WebP: every frame becomes a WebP of its own. */
export async function readWebp(bytes: Uint8Array): Promise<ReadFilm> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) !== bytes.length - 8) {
    throw new Error("the file says that it is of another length");
  }
  const uint24 = (at: number) => view.getUint16(at, true) + 65536 * bytes[at + 2]!;
  const chunks = [...webpChunks(bytes, 12, bytes.length)];
  const header = chunks.find(({ type }) => type === "VP8X")!;
  const animation = chunks.find(({ type }) => type === "ANIM")!;
  const frames = await Promise.all(
    chunks.filter(({ type }) => type === "ANMF").map(async ({ start, end }) => {
      const data = bytes.subarray(start + 24, end);
      const hasAlpha = String.fromCharCode(...data.subarray(0, 4)) === "ALPH";
      const extended = Buffer.from("VP8X\x0a\0\0\0\x10\0\0\0\0\0\0\0\0\0", "latin1");
      extended.set(bytes.subarray(start + 14, start + 20), 12);
      const file = Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP"), ...hasAlpha ? [extended] : [], data]);
      file.writeUInt32LE(file.length - 8, 4);
      return { duration: uint24(start + 20), picture: await decodePicture(file) };
    }),
  );
  return {
    width: 1 + uint24(header.start + 12),
    height: 1 + uint24(header.start + 15),
    plays: view.getUint16(animation.start + 12, true),
    frames,
  };
}

/** Reads a GIF: every frame becomes a GIF of its own. */
export async function readGif(bytes: Uint8Array): Promise<ReadFilm> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const screen = bytes.subarray(0, 13);
  const tableOf = (flags: number) => flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  const blocksEnd = (start: number) => {
    let at = start;
    while (bytes[at] !== 0) at += 1 + bytes[at]!;
    return at + 1;
  };
  let at = 13 + tableOf(screen[10]!);
  let [plays, duration] = [1, 0];
  const frames: ReadFrame[] = [];
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      const name = String.fromCharCode(...bytes.subarray(at + 3, at + 14));
      if (name === "NETSCAPE2.0") plays = view.getUint16(at + 16, true);
      if (bytes[at + 1] === 0xf9) duration = 10 * view.getUint16(at + 4, true);
      at = blocksEnd(at + 2);
    } else if (bytes[at] === 0x2c) {
      const end = blocksEnd(at + 10 + tableOf(bytes[at + 9]!) + 1);
      const file = Buffer.concat([screen, bytes.subarray(at, end), Uint8Array.of(0x3b)]);
      frames.push({ duration, picture: await decodePicture(file) });
      at = end;
    } else throw new Error(`a block of a GIF starts with ${bytes[at]}`);
  }
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), plays, frames };
}
