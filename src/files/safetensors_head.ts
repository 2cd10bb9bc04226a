/**
 * The beginning of a safetensors file, by which files of other kinds are told from it.
 *
 * @module
 */
import { host } from "../host/host.ts";
import { describeForeign } from "./foreign_file.ts";
import { readFullAsync } from "./read_full.ts";

/** Bytes of the header's length. */
export const PREFIX = 8;

/** What to do about a file that is not whole. */
export const AGAIN = "Copy or download it again";

/** Bytes at the beginning of a file that tell what it is. */
const HEAD = 2 ** 20;

/** What is wrong with the beginning of a file, if anything. */
export async function problemOfFile(path: string | URL): Promise<string | undefined> {
  using file = await host().open(path);
  const { size, isFile } = await file.stat();
  if (!isFile) return "it is not a file";
  const head = new Uint8Array(Math.min(size, HEAD));
  return problemOfHead(head.subarray(0, await readFullAsync(file, head)), size);
}

/**
 * What is wrong with the beginning of a file, if anything.
 *
 * @param size Bytes of the whole file.
 */
export function problemOfHead(head: Uint8Array, size: number): string | undefined {
  if (size === 0) return `it is empty (0 bytes). ${AGAIN}`;
  // The format wants the header to begin with a brace
  const foreign = head[PREFIX] === 0x7b ? undefined : describeForeign(head);
  if (foreign !== undefined) return foreign;
  if (size < PREFIX) return `it has ${size} bytes, a safetensors file has at least ${PREFIX}`;
  const expected = headerLength(head);
  if (expected > size - PREFIX) {
    return `its header should take ${expected} bytes, found ${size - PREFIX} (truncated, or no safetensors)`;
  }
  return expected < 2
    ? `its header takes ${expected} bytes, expected at least 2 (no safetensors)`
    : undefined;
}

/** Bytes that the header takes, as the file says. */
export function headerLength(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
