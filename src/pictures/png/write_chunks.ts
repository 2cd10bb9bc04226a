import { host } from "../../host/host.ts";

/** The bytes that every PNG begins with. */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A chunk of a PNG: length, type, data, checksum. */
export function pngChunk(type: string, ...data: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = data.reduce((sum, part) => sum + part.length, 0);
  const chunk = new Uint8Array(12 + length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, length);
  chunk.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of data) {
    chunk.set(part, at);
    at += part.length;
  }
  view.setUint32(at, host().crc32(chunk.subarray(4, at)));
  return chunk;
}

/** A chunk of international text (PNG specification, 11.3.3.4), not packed. */
export function textChunk(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  // Keyword, its end, not packed, no method, no language, no translated keyword
  return pngChunk("iTXt", new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));
}
