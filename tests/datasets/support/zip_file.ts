/** Zip files for tests, made byte by byte so that they can be wrong in every way. */
import { crc32, deflateRawSync } from "node:zlib";
import { concat } from "../../pictures/files.ts";

/** A file in a zip. */
export interface Member {
  name: string;
  data: Uint8Array;
  /** 0 stored, 8 deflated; others are only claimed. */
  method?: number;
  /** General purpose flags; bit 0 says encrypted. */
  flags?: number;
  /** Checksum to claim. */
  crc?: number;
  /** Unpacked size to claim. */
  size?: number;
  /** What it leads to; its data is that. */
  link?: string;
}

const utf8 = new TextEncoder();
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export function zip(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const { method = 0, flags = 0, link } = member;
    const data = link === undefined ? member.data : utf8.encode(link);
    const { crc = crc32(data), size = data.length } = member;
    const name = utf8.encode(member.name);
    const packed = method === 8 ? new Uint8Array(deflateRawSync(data)) : data;
    const common = new Uint8Array(26);
    const view = new DataView(common.buffer);
    view.setUint16(0, 20, true);
    // Bit 11 says that the name is UTF-8
    view.setUint16(2, flags | 0x800, true);
    view.setUint16(4, method, true);
    view.setUint32(10, crc, true);
    view.setUint32(14, packed.length, true);
    view.setUint32(18, size, true);
    view.setUint16(22, name.length, true);
    const entry = new Uint8Array(14);
    if (link !== undefined) new DataView(entry.buffer).setUint32(6, 0o120777 * 65536, true);
    new DataView(entry.buffer).setUint32(10, offset, true);
    directory.push(concat([latin("PK\x01\x02\x14\0"), common, entry, name]));
    const local = concat([latin("PK\x03\x04"), common, name, packed]);
    parts.push(local);
    offset += local.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  end.set(latin("PK\x05\x06"));
  view.setUint16(8, members.length, true);
  view.setUint16(10, members.length, true);
  view.setUint32(12, directory.reduce((sum, entry) => sum + entry.length, 0), true);
  view.setUint32(16, offset, true);
  return concat([...parts, ...directory, end]);
}
