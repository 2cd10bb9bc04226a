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

/** A zip whose stored members have the checksums that they should, as far as its directory can be followed. */
export function repairZip(file: Uint8Array): Uint8Array {
  const zip = file.slice();
  const view = new DataView(zip.buffer);
  for (let at = 0; at + 46 <= zip.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const [size, offset] = [view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
    if (offset + 30 > zip.length) continue;
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    view.setUint32(at + 16, crc32(zip.subarray(start, start + size)), true);
  }
  return zip;
}
