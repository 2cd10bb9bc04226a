/** Files as `torch.save` lays them out, made by hand: a zip whose first member is a pickle, or four pickles in a row. */
import { crc32 } from "node:zlib";

/** A pickle's opcodes: texts as they are, or numbers of bytes. */
type Part = string | number;

function bytesOf(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "number" ? [part] : [...part].map((c) => c.charCodeAt(0))),
  );
}

/** BINUNICODE. */
function unicode(text: string): string {
  return `X${String.fromCharCode(text.length)}\0\0\0${text}`;
}

/** What stands for a tensor: its storage by number, and what rebuilds it. */
function tensor(place: number): string {
  const storage = `(${unicode("storage")}ctorch\nFloatStorage\n${unicode(`${place}`)}${
    unicode("cpu")
  }K\x04tQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n((${storage}K\0K\x04\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR`;
}

/** The pickle of a state dict with tensors of these names, without the protocol and the end. */
function stateDict(names: readonly string[]): string {
  return `ccollections\nOrderedDict\n)R(${names.map((name, i) => unicode(name) + tensor(i)).join("")}u`;
}

/** What may have been saved. */
export const SAVED = {
  /** `torch.save(netG.state_dict())`. */
  stateDict: stateDict(["main.0.weight", "main.1.weight", "main.1.bias"]),
  /** `torch.save({"epoch": 3, "netD": netD.state_dict(), "netG": netG.state_dict()})`. */
  dict: `}(${unicode("epoch")}K\x03${unicode("netD")}${stateDict(["main.0.weight", "main.2.weight"])}` +
    `${unicode("netG")}${stateDict(["main.0.weight", "main.1.weight"])}u`,
  /** `torch.save(netG)`. */
  module: `c__main__\nGenerator\n)\x81}(${unicode("training")}\x88${unicode("_parameters")}}u`,
} as const;

/** A file as PyTorch 1.6 and later write it. */
export function zipFile(saved: string): Uint8Array<ArrayBuffer> {
  return storedZip("archive/data.pkl", bytesOf(0x80, 2, saved, "."));
}

/** A file as PyTorch wrote it before, and still does if asked to. */
export function legacyFile(saved: string): Uint8Array<ArrayBuffer> {
  const magic = ["\x8a\x0a", 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, "."];
  const system = `}(${unicode("little_endian")}\x88${unicode("type_sizes")}}(${unicode("long")}K\x04uu.`;
  return bytesOf(0x80, 2, ...magic, 0x80, 2, "M\xe9\x03.", 0x80, 2, system, 0x80, 2, saved, ".");
}

/** A zip of one file, as it is. */
export function storedZip(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const sum = crc32(content);
  const word = (value: number, bytes: number) =>
    Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
  const common = [...word(0, 8), ...word(sum, 4), ...word(content.length, 4), ...word(content.length, 4)];
  const names = [...word(name.length, 2), ...word(0, 2)];
  const local = bytesOf("PK\x03\x04", ...word(20, 2), ...common, ...names, name);
  const central = bytesOf(
    "PK\x01\x02",
    ...word(20, 2),
    ...word(20, 2),
    ...common,
    ...names,
    ...word(0, 14),
    name,
  );
  const start = local.length + content.length;
  const end = ["PK\x05\x06", ...word(0, 4), ...word(1, 2), ...word(1, 2), ...word(central.length, 4)];
  return Uint8Array.from([
    ...local,
    ...content,
    ...central,
    ...bytesOf(...end, ...word(start, 4), ...word(0, 2)),
  ]);
}
