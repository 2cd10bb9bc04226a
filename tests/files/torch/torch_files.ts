/** Files as `torch.save` lays them out, made by hand: a zip whose first member is a pickle, or four pickles in a row. */
import { zip } from "../../datasets/support/zip_file.ts";

/** A pickle's opcodes: texts as they are, or numbers of bytes. */
type Part = string | number;

function bytesOf(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...part].map((c) => c.charCodeAt(0))),
  );
}

/** BINUNICODE. */
export function unicode(text: string): string {
  return `X${String.fromCharCode(text.length % 256, text.length >> 8)}\0\0${text}`;
}

/** How a tensor is said to be. */
export interface Said {
  key?: string;
  /** Values of its storage. */
  length?: number;
  type?: string;
  offset?: number;
  shape?: readonly number[];
  strides?: readonly number[];
  rebuild?: string;
}

/** A number of four bytes, or of eight. */
function whole(value: number): string {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt(value), true);
  return `\x8a\x08${Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join("")}`;
}

function tuple(values: readonly number[]): string {
  return `(${values.map(whole).join("")}t`;
}

/** What stands for a tensor: its storage, and what rebuilds it. Two values of 32 bits, if nothing else is said. */
export function tensor(said: Said = {}): string {
  const { key = "0", length = 2, type = "FloatStorage", offset = 0, shape = [2], strides = [1] } = said;
  const storage = `(${unicode("storage")}ctorch\n${type}\n${unicode(key)}${unicode("cpu")}${whole(length)}tQ`;
  const rebuild = said.rebuild ?? "ctorch._utils\n_rebuild_tensor_v2\n";
  return `${rebuild}(${storage}${whole(offset)}${tuple(shape)}${
    tuple(strides)
  }\x89ccollections\nOrderedDict\n)RtR`;
}

/** A dictionary. */
export function dictionary(entries: Readonly<Record<string, string>>): string {
  return `}(${Object.entries(entries).map(([key, value]) => unicode(key) + value).join("")}u`;
}

/** A file as PyTorch 1.6 and later write it. */
export function zipFile(
  saved: string,
  storages: Readonly<Record<string, Uint8Array>> = { 0: new Uint8Array(8) },
): Uint8Array<ArrayBuffer> {
  const members = Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data }));
  return Uint8Array.from(zip([{ name: "archive/data.pkl", data: pickle(saved) }, ...members]));
}

/** A pickle of this. */
export function pickle(saved: string): Uint8Array<ArrayBuffer> {
  return bytesOf(0x80, 2, saved, ".");
}

/** A file as PyTorch wrote it before, and still does if asked to, without storages. */
export function legacyFile(saved: string, keys = "]"): Uint8Array<ArrayBuffer> {
  const magic = ["\x8a\x0a", 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, "."];
  const system = `}(${unicode("little_endian")}\x88${unicode("type_sizes")}}(${unicode("long")}K\x04uu.`;
  return bytesOf(
    0x80,
    2,
    ...magic,
    0x80,
    2,
    "M\xe9\x03.",
    0x80,
    2,
    system,
    0x80,
    2,
    saved,
    ".",
    0x80,
    2,
    keys,
    ".",
  );
}
