import { DatasetError } from "../contract.ts";
import { quote } from "../wording.ts";
import type { ByteSource } from "./byte_source.ts";
import { memberPath } from "./member_path.ts";

/** A file in a tar. */
export interface TarMember {
  /** Its path within the tar. */
  readonly name: string;
  /** Where its bytes start. */
  readonly offset: number;
  /** How many they are. */
  readonly size: number;
}

const BLOCK = 512;

/** Most bytes of a long name or of the records that pax puts before a member. */
const MAX_EXTRA = 2 ** 20;

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** What pax or GNU say of the next member. */
interface Extra {
  path?: string;
  size?: number;
}

/**
 * Lists the files in a tar (ustar, with the long names of pax and GNU) by reading its headers alone.
 *
 * @param source The tar, not packed.
 * @param path Its path, for messages.
 * @throws {DatasetError} Where it is no tar, is cut short, or has a link, a device or a path that leads out of it.
 */
export function* tarMembers(source: ByteSource, path: string): Generator<TarMember> {
  let common: Extra = {};
  let next: Extra = {};
  if (source.size < BLOCK) throw new DatasetError(`${quote(path)} is no tar: found ${source.size} bytes`);
  let at = 0;
  while (at + BLOCK <= source.size) {
    const header = source.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, at, path);
    const type = String.fromCharCode(header[156]!);
    const isExtra = "xgLK".includes(type);
    const size = (isExtra ? undefined : next.size ?? common.size) ?? numberAt(header, 124, 12, at, path);
    const offset = at + BLOCK;
    if (offset + size > source.size) {
      throw new DatasetError(
        `${quote(path)} is cut short: expected ${size} bytes from ${offset} on, found ${
          source.size - offset
        }`,
      );
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
    if (isExtra) {
      const found = readExtra(type, size, () => source.read(offset, size), path);
      if (type === "g") common = { ...common, ...found };
      else next = { ...next, ...found };
      continue;
    }
    const name = next.path ?? common.path ?? nameOf(header);
    next = {};
    if (type === "5") continue;
    if (!["\0", "0", "7"].includes(type)) {
      const kind = type === "1" || type === "2" ? "a link" : `of type ${quote(type)}`;
      throw new DatasetError(
        `${quote(name)} in ${quote(path)} must be a file or a folder: found ${kind}; pack it again without`,
      );
    }
    yield { name: memberPath(name, path), offset, size };
  }
  // A tar may lack the empty blocks at its end, but not a part of a block
  if (at === source.size) return;
  throw new DatasetError(
    `${quote(path)} is cut short: expected blocks of ${BLOCK} bytes, found ${source.size} bytes in all`,
  );
}

/** The header's checksum: the sum of its bytes, with spaces in the place of the checksum itself. */
function checkSum(header: Uint8Array, at: number, path: string): void {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i]!;
  if (sum === numberAt(header, 148, 8, at, path)) return;
  throw new DatasetError(
    at === 0
      ? `${quote(path)} is no tar: it does not start with a member`
      : `${quote(path)} is damaged: there is no member at ${at}, where one should be`,
  );
}

/** A number in a header: octal digits, or GNU's big-endian bytes after 0x80. */
function numberAt(header: Uint8Array, start: number, length: number, at: number, path: string): number {
  let value = 0;
  if (header[start] === 0x80) {
    for (let i = 1; i < length; i++) value = value * 256 + header[start + i]!;
  } else {
    const text = latin1.decode(header.subarray(start, start + length)).replace(/[\0 ]+$/, "").trim();
    value = /^[0-7]*$/.test(text) ? Number(`0o0${text}`) : NaN;
  }
  if (Number.isSafeInteger(value)) return value;
  throw new DatasetError(
    `${quote(path)} is damaged: there is no number at ${at + start}, where one should be`,
  );
}

/** The name in a header, after ustar's prefix. */
function nameOf(header: Uint8Array): string {
  const text = (start: number, length: number) => {
    const bytes = header.subarray(start, start + length);
    const end = bytes.indexOf(0);
    return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
  };
  // GNU's old format has other things where ustar has the prefix
  const prefix = latin1.decode(header.subarray(257, 263)) === "ustar\0" ? text(345, 155) : "";
  return prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
}

/** Reads pax's records, `length key=value\n`, or GNU's long name. */
function readExtra(type: string, size: number, read: () => Uint8Array, path: string): Extra {
  if (size > MAX_EXTRA) {
    throw new DatasetError(`${quote(path)} must have names of ${MAX_EXTRA} bytes at most: found ${size}`);
  }
  const bytes = read();
  if (type === "L") return { path: utf8.decode(bytes).replace(/\0[\s\S]*$/, "") };
  if (type === "K") return {}; // the target of a link, which is refused when it comes
  const extra: Extra = {};
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(latin1.decode(bytes.subarray(at, space)));
    const record = utf8.decode(bytes.subarray(space + 1, at + length - 1));
    const split = record.indexOf("=");
    if (!Number.isInteger(length) || length < 1 || at + length > bytes.length || split < 0) {
      throw new DatasetError(`${quote(path)} is damaged: its pax records cannot be read`);
    }
    const value = record.slice(split + 1);
    if (record.startsWith("path=")) extra.path = value;
    if (record.startsWith("size=")) extra.size = readSize(value, path);
    at += length;
  }
  return extra;
}

function readSize(value: string, path: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new DatasetError(`${quote(path)} is damaged: a member must have a size: found ${quote(value)}`);
}
