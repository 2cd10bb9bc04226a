import { webpChunks } from "../headers/webp_header.ts";

/** The XMP packet of a WebP; undefined if it has none. */
export function webpXmp(bytes: Uint8Array): string | undefined {
  for (const { type, start, end } of webpChunks(bytes, 12, bytes.length)) {
    if (type === "XMP ") return new TextDecoder().decode(bytes.subarray(start + 8, end));
  }
  return undefined;
}
