import type { HostFile } from "../host/host.ts";

/**
 * Reads until an array is full or the file ends. Returns how much of the array is filled then, from `from`
 * on.
 */
export function readFull(file: HostFile, bytes: Uint8Array, from = 0): number {
  let filled = from;
  while (filled < bytes.length) {
    const count = file.readSync(filled === 0 ? bytes : bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}

/** As {@linkcode readFull}, where nothing can be read at once. */
export async function readFullAsync(file: HostFile, bytes: Uint8Array, from = 0): Promise<number> {
  let filled = from;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}
