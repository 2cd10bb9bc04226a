import { host } from "../../../src/host/host.ts";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import { failure, quote } from "../messages.ts";
import { refuseOther } from "./expected_kind.ts";

/**
 * Reads a file as a whole.
 *
 * @param most Most bytes that it may have: what claims to have more is not read at all.
 * @throws {DatasetError} if it cannot be read, has more, or is plainly something else, such as a web page
 * that was saved in its place.
 */
export async function readWhole(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { size } = await host().stat(path);
    if (size > most) throw new DatasetError(`${quote(path)} must have ${most} bytes at most, found ${size}`);
    bytes = await host().readFile(path);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw failure(`${quote(path)} cannot be read`, cause);
  }
  refuseOther(bytes.subarray(0, KIND_BYTES), path);
  return bytes;
}

/** Reads a text, without the mark of byte order that Windows puts in front. */
export async function readText(path: string, most: number): Promise<string> {
  return new TextDecoder().decode(await readWhole(path, most));
}
