import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";
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

/** A member of a tar that is no folder. */
export interface TarEntry extends TarMember {
  /** What it is: `other` is a pipe, a device, a sparse file or anything else. */
  readonly kind: "file" | "link" | "hard link" | "other";
  /** Where a link leads: from its own folder, or for a hard link from the tar's top. */
  readonly target?: string;
}

const BLOCK = 512;

/** Most bytes of a long name or of the records that pax puts before a member. */
const MAX_EXTRA = 2 ** 20;

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** What pax or GNU say of the next member. */
interface Extra {
  path?: string;
  target?: string;
  size?: number;
  /** Whether only some of its bytes are there, after a map of them. */
  sparse?: boolean;
}

/**
 * Lists the files in a tar, as {@linkcode tarEntries}, without links and whatever else is no file.
 *
 * @param other Called with these.
 * @throws {DatasetError} if it is no tar, is cut short, or has a path that leads out of it.
 */
export function* tarMembers(
  source: ByteSource,
  path: string,
  other: (entry: TarEntry) => void = () => {},
): Generator<TarMember> {
  for (const entry of tarEntries(source, path)) {
    const { kind, name, offset, size } = entry;
    if (kind === "file") yield { name, offset, size };
    else other(entry);
  }
}

/**
 * Lists what is in a tar (ustar, with the long names of pax and GNU) by reading its headers alone. Folders
 * and labels of volumes are no entries.
 *
 * @param source The tar, not packed.
 * @param path Its path, for messages.
 * @throws {DatasetError} if it is no tar, is cut short, or has a path that leads out of it.
 */
export function* tarEntries(source: ByteSource, path: string): Generator<TarEntry> {
  let common: Extra = {};
  let next: Extra = {};
  if (source.size < BLOCK) {
    throw new DatasetError(`${quote(path)} must be a tar, found only ${source.size} bytes`);
  }
  let at = 0;
  while (at + BLOCK <= source.size) {
    const header = source.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, at, path);
    const type = String.fromCharCode(header[156]!);
    const isExtra = "xgLK".includes(type);
    const own = isExtra ? {} : { ...common, ...next };
    const claimed = own.size ?? numberAt(header, 124, 12, at, path);
    const size = isBare(type, claimed, source, at + BLOCK) ? 0 : claimed;
    const offset = at + BLOCK * (1 + (type === "S" ? mapBlocks(source, at, header) : 0));
    if (offset + size > source.size) {
      throw new DatasetError(
        `${quote(path)} is cut short: expected ${size} bytes from ${offset} on, ` +
          `found ${source.size - offset}`,
      );
    }
    at = offset + Math.ceil(size / BLOCK) * BLOCK;
    if (isExtra) {
      const found = readExtra(type, size, () => source.read(offset, size), path);
      if (type === "g") common = { ...common, ...found };
      else next = { ...next, ...found };
      continue;
    }
    next = {};
    const name = own.path ?? nameOf(header);
    // Before there were types, a name that ends in / was that of a folder
    if ("5DV".includes(type) || name.endsWith("/") && "\x0007".includes(type)) continue;
    const plain = memberPath(name, path);
    const kind = kindOf(type, own);
    if (kind !== "link" && kind !== "hard link") {
      yield { name: plain, offset, size, kind };
      continue;
    }
    const target = own.target ?? textAt(header, 157, 100);
    yield { name: plain, offset, size, kind, target: kind === "link" ? target : plainTarget(target) };
  }
  // A tar may lack the empty blocks at its end, but not a part of a block
  if (at === source.size) return;
  throw new DatasetError(
    `${quote(path)} is cut short: expected blocks of ${BLOCK} bytes, found ${source.size} bytes in all`,
  );
}

function kindOf(type: string, { sparse }: Extra): TarEntry["kind"] {
  if (type === "1") return "hard link";
  if (type === "2") return "link";
  return "\x0007".includes(type) && !sparse ? "file" : "other";
}

/**
 * Whether nothing of a member is here: the size of a link may be that of what it leads to, and a header
 * follow at once.
 */
function isBare(type: string, size: number, source: ByteSource, offset: number): boolean {
  if (type !== "1" && type !== "2" || size === 0) return false;
  if (type === "2" || offset + BLOCK > source.size) return true;
  const next = source.read(offset, BLOCK);
  return next.every((byte) => byte === 0) || isHeader(next);
}

/** How many blocks GNU's map of a sparse file takes after its header. */
function mapBlocks(source: ByteSource, at: number, header: Uint8Array): number {
  let more = header[482] !== 0;
  let blocks = 0;
  while (more && at + (blocks + 2) * BLOCK <= source.size) {
    blocks++;
    more = source.read(at + blocks * BLOCK, BLOCK)[504] !== 0;
  }
  return blocks;
}

/** Where a hard link leads, as members are named. */
function plainTarget(target: string): string {
  return target.replaceAll("\\", "/").split("/").filter((part) => part !== "." && part !== "").join("/");
}

/** Whether a block is the header of a member. */
export function isHeader(block: Uint8Array): boolean {
  const text = latin1.decode(block.subarray(148, 156)).replace(/[\0 ]+$/, "").trim();
  return block.length >= BLOCK && /^[0-7]+$/.test(text) && Number.parseInt(text, 8) === sumOf(block);
}

/** The checksum of a header: the sum of its bytes, with spaces in the place of the checksum itself. */
function sumOf(header: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i]!;
  return sum;
}

function checkSum(header: Uint8Array, at: number, path: string): void {
  if (sumOf(header) === numberAt(header, 148, 8, at, path)) return;
  if (at > 0) throw damaged(path, `there is no member at ${at}, where one should be`);
  throw new DatasetError(`${quote(path)} must be a tar, found other bytes at its start`);
}

function damaged(path: string, problem: string): DatasetError {
  return new DatasetError(`${quote(path)} is damaged: ${problem}`);
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
  throw damaged(path, `there is no number at ${at + start}, where one should be`);
}

/** The name in a header, after ustar's prefix. */
function nameOf(header: Uint8Array): string {
  // GNU's old format has other things where ustar has the prefix
  const prefix = latin1.decode(header.subarray(257, 263)) === "ustar\0" ? textAt(header, 345, 155) : "";
  const name = textAt(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Reads pax's records, `length key=value\n`, or GNU's long name. */
function readExtra(type: string, size: number, read: () => Uint8Array, path: string): Extra {
  if (size > MAX_EXTRA) {
    throw new DatasetError(`${quote(path)} must have names of ${MAX_EXTRA} bytes at most, found ${size}`);
  }
  const bytes = read();
  const text = (): string => utf8.decode(bytes).replace(/\0[\s\S]*$/, "");
  if (type === "L") return { path: text() };
  if (type === "K") return { target: text() };
  const extra: Extra = {};
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(latin1.decode(bytes.subarray(at, space)));
    const record = utf8.decode(bytes.subarray(space + 1, at + length - 1));
    const split = record.indexOf("=");
    if (!Number.isInteger(length) || length < 1 || at + length > bytes.length || split < 0) {
      throw damaged(path, "its pax records cannot be read");
    }
    const value = record.slice(split + 1);
    if (record.startsWith("path=")) extra.path = value;
    if (record.startsWith("linkpath=")) extra.target = value;
    if (record.startsWith("GNU.sparse.")) extra.sparse = true;
    if (record.startsWith("GNU.sparse.name=")) extra.path = value;
    if (record.startsWith("size=")) extra.size = readSize(value, path);
    at += length;
  }
  return extra;
}

function readSize(value: string, path: string): number {
  const size = /^\d+$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(size)) return size;
  throw damaged(path, `a member must have a size, found ${quote(value)}`);
}
