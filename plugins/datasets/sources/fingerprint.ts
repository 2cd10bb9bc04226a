import { host } from "../../../src/host/host.ts";
import { sha256 } from "../../../src/files/sha256.ts";

/** Files that are looked at before others get a turn. */
const TURN = 1000;

/**
 * A checksum over the paths, sizes and dates of files.
 *
 * @throws {Error} if a file is not there.
 */
export function fingerprintFiles(paths: Iterable<string>, signal: AbortSignal): Promise<string> {
  return sha256(described(paths, signal));
}

async function* described(paths: Iterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  let count = 0;
  for (const path of paths) {
    const { size, mtime } = host().statSync(path);
    yield `${path}\0${size}\0${mtime?.getTime()}\0`;
    if (count++ % TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
}
