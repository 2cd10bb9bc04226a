/** Checksums of damaged files, put right, so that parsers get to see the damage behind them. */
import { crc32 } from "node:zlib";

const latin1 = new TextDecoder("latin1");

/** A tar whose headers have the checksums that they should. */
export function repairTar(file: Uint8Array): Uint8Array {
  const tar = file.slice();
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    const header = tar.subarray(at, at + 512);
    if (latin1.decode(header.subarray(257, 262)) !== "ustar") continue;
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
  return tar;
}

/** A PNG whose chunks have the checksums that they should, as far as their lengths can be followed. */
export function repairPng(file: Uint8Array): Uint8Array {
  const png = file.slice();
  const view = new DataView(png.buffer);
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > png.length) break;
    view.setUint32(end, crc32(png.subarray(at + 4, end)));
    at = end + 4;
  }
  return png;
}
