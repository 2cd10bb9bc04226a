/** Miniature files of well-known datasets in their true formats, made byte by byte. */
import { concat } from "../../pictures/files.ts";

/** An IDX file of bytes. */
export function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 | shape.length);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/** Records of the binary version of CIFAR with some labels each; every image is another pattern. */
export function cifar(labels: readonly (readonly number[])[], seed = 0): Uint8Array {
  return concat(labels.map((bytes, image) => {
    const planes = Uint8Array.from({ length: 3072 }, (_, i) => (i * (image + seed + 1) + 37 * seed) % 251);
    return concat([Uint8Array.from(bytes), planes]);
  }));
}

/** A `.npy` file of version 1.0. */
export function npy(
  shape: readonly (number | string)[],
  data: Uint8Array,
  descr = "|u1",
  order = "False",
): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${extents}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const start = new Uint8Array(10);
  start.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length % 256, header.length >> 8]);
  return concat([start, new TextEncoder().encode(header), data]);
}

/** A member of a tar. */
export interface TarPart {
  name: string;
  data?: Uint8Array;
  /** Type flag: 0 file, 1 hard link, 2 link, 5 folder, x and g pax records, L a long name. */
  type?: string;
  /** Size to claim. */
  size?: number;
  /** What it leads to, where it is a link. */
  link?: string;
  /** Folder that ustar keeps apart. */
  prefix?: string;
  /** How the size is written. */
  binarySize?: boolean;
}

/** A ustar file. */
export function tar(parts: readonly TarPart[], end = 1024): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (
    const {
      name,
      data = new Uint8Array(),
      type = "0",
      size = data.length,
      prefix = "",
      link = "",
      binarySize,
    } of parts
  ) {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
    put(0, name);
    put(100, "0000644\0" + "0000000\0".repeat(2));
    put(124, size.toString(8).padStart(11, "0") + "\0");
    if (binarySize) {
      header.fill(0, 124, 136);
      header[124] = 0x80;
      new DataView(header.buffer).setUint32(132, size);
    }
    put(136, "00000000000\0        " + type);
    put(157, link);
    put(257, "ustar\x0000");
    put(345, prefix);
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, sum.toString(8).padStart(6, "0") + "\0 ");
    blocks.push(header, data, new Uint8Array((512 - data.length % 512) % 512));
  }
  return concat([...blocks, new Uint8Array(end)]);
}

/** A record of pax: its length, which counts its own digits, then key and value. */
export function paxRecord(key: string, value: string): Uint8Array {
  const rest = new TextEncoder().encode(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return concat([new TextEncoder().encode(String(length)), rest]);
}
