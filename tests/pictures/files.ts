/** Miniature picture files for tests, made here byte by byte where no encoder makes them. */
import { crc32, deflateSync } from "node:zlib";
import { Frame, GIF, Image } from "imagescript";
import type { Picture } from "../../src/pictures/mod.ts";

/** A picture whose pixels all differ: red grows to the right, green downwards. */
export function ramp(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      data.set([Math.round(x / width * 255), Math.round(y / height * 255), 60], at);
    }
  }
  return { width, height, channels: 3, data };
}

/** The picture as imagescript has it. */
function imageOf({ width, height, data }: Picture): Image {
  const image = new Image(width, height);
  for (let i = 0; i < width * height; i++) image.bitmap.set([...data.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  return image;
}

export function jpeg(picture: Picture): Promise<Uint8Array> {
  return imageOf(picture).encodeJPEG(95);
}

export function webp(picture: Picture): Promise<Uint8Array> {
  return imageOf(picture).encodeWEBP(null);
}

/** A GIF of two frames, the second one black. */
export function gif(picture: Picture): Promise<Uint8Array> {
  const { width, height } = picture;
  const frames = [imageOf(picture), new Image(width, height).fill(0x000000ff)];
  return new GIF(frames.map((frame) => Frame.from(frame, 100))).encode();
}

/** A BMP of 24 bits a pixel. */
export function bmp({ width, height, data }: Picture): Uint8Array {
  const stride = Math.ceil(width * 3 / 4) * 4;
  const bytes = new Uint8Array(54 + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [[2, bytes.length], [10, 54], [14, 40], [18, width], [22, height]] as const) {
    view.setUint32(at, value, true);
  }
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      bytes.set([data[from + 2]!, data[from + 1]!, data[from]!], 54 + (height - 1 - y) * stride + 3 * x);
    }
  }
  return bytes;
}

/** What a PNG is made of. */
export interface PngParts {
  width: number;
  height: number;
  depth: number;
  /** 0 gray, 2 color, 3 palette, 4 gray with alpha, 6 color with alpha. */
  color: number;
  /** The rows, without the filter bytes in front of them. */
  rows: readonly (readonly number[])[];
  /** Chunks between header and pixels. */
  chunks?: readonly { type: string; data: readonly number[] }[];
}

export function png({ width, height, depth, color, rows, chunks = [] }: PngParts): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, color], 8);
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])));
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk("IHDR", header),
    ...chunks.map(({ type, data }) => pngChunk(type, Uint8Array.from(data))),
    pngChunk("IDAT", pixels),
    pngChunk("IEND", new Uint8Array()),
  ]);
}

/** A chunk of a PNG, with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set([...type].map((letter) => letter.charCodeAt(0)), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** EXIF data that says nothing but the orientation, in either byte order, from its TIFF header on. */
export function exif(
  orientation: number,
  littleEndian: boolean,
  type: "SHORT" | "LONG" = "SHORT",
): Uint8Array {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  bytes.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  view.setUint16(8, 1, littleEndian);
  view.setUint16(10, 0x0112, littleEndian);
  view.setUint16(12, type === "SHORT" ? 3 : 4, littleEndian);
  view.setUint32(14, 1, littleEndian);
  if (type === "SHORT") view.setUint16(18, orientation, littleEndian);
  else view.setUint32(18, orientation, littleEndian);
  return bytes;
}

/** A JPEG with EXIF data that gives its orientation, in either byte order. */
export function withOrientation(file: Uint8Array, orientation: number, littleEndian = true): Uint8Array {
  return withExif(file, exif(orientation, littleEndian));
}

/** A JPEG with EXIF data. */
export function withExif(file: Uint8Array, data: Uint8Array): Uint8Array {
  const segment = Uint8Array.of(0xff, 0xe1, 0, 8 + data.length, 0x45, 0x78, 0x69, 0x66, 0, 0);
  return concat([file.subarray(0, 2), segment, data, file.subarray(2)]);
}

/** A WebP of the extended kind around a plain one, with EXIF data that gives its orientation. */
export function webpWithOrientation(
  file: Uint8Array,
  picture: Picture,
  orientation: number,
  littleEndian = true,
): Uint8Array {
  return webpWithExif(file, picture, exif(orientation, littleEndian));
}

/** A WebP of the extended kind around a plain one, with EXIF data. */
export function webpWithExif(file: Uint8Array, { width, height }: Picture, data: Uint8Array): Uint8Array {
  const header = new Uint8Array(10);
  const view = new DataView(header.buffer);
  header[0] = 0x08; // there is EXIF
  view.setUint16(4, width - 1, true);
  view.setUint16(7, height - 1, true);
  const chunks = concat([
    riffChunk("VP8X", header),
    file.subarray(12),
    riffChunk("EXIF", data),
  ]);
  return riffChunk("RIFF", concat([new TextEncoder().encode("WEBP"), chunks]));
}

/** A chunk of a RIFF file, filled up to an even length. */
export function riffChunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length + data.length % 2);
  bytes.set([...type].map((letter) => letter.charCodeAt(0)));
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, 8);
  return bytes;
}

/** A CMYK JPEG of 8x8, its left half about (200, 40, 30) and its right half about (30, 60, 180). */
export const cmykJpeg: Uint8Array = Uint8Array.from(
  atob(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgW" +
      "FBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAYICf/EABwQAAEEAwEAAAAAAAAAAAAAAAAJR4XEBkSC" +
      "wf/aAA4EQwBNAFkASwAAPwA4po28lVIvxvZ59ASd7gR9k1TP/9k=",
  ),
  (letter) => letter.charCodeAt(0),
);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Largest difference between two pictures' levels. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
