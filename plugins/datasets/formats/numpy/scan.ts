import { DatasetError } from "../../contract.ts";
import type { ByteSource } from "../byte_source.ts";
import { type ElementType, readElements } from "./elements.ts";
import type { FoundRange } from "./range.ts";

/** Bytes that are read at once; a multiple of every element's size. */
const BLOCK = 4 * 2 ** 20;

/** Most bytes that are looked at; of a larger array these are spread evenly over it. */
const MOST = 2 * 2 ** 30;

/** Bytes that go above this mean levels up to 255; no more needs to be known of them. */
const BRIGHT = 32;

/** What is looked through. */
export interface Scanned {
  /** Where the elements are. */
  readonly source: ByteSource;
  /** What they are. */
  readonly type: ElementType;
  /** Where they start. */
  readonly offset: number;
  /** How many there are. */
  readonly count: number;
  /** The picture that an element is part of. */
  readonly pictureOf: (element: number) => number;
}

/** What is reported during a scan. */
export interface Watched {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called with the bytes done, and their total. */
  readonly progress: (done: number, total: number) => void;
}

/** The range of an array, and whether only a part of it was looked at. */
export interface ScannedRange extends FoundRange {
  /** Whether there may be other values. */
  readonly isPart: boolean;
}

/**
 * Finds the least and the greatest value of an array, block by block: nothing is kept.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if a value is no number, or infinite.
 */
export async function scanRange(
  { source, type, offset, count, pictureOf }: Scanned,
  path: string,
  { signal, progress }: Watched,
): Promise<ScannedRange> {
  if (type.kind === "bits") return { least: 0, greatest: 1, isPart: false };
  const total = count * type.size;
  const blocks = Math.ceil(total / BLOCK);
  const looked = Math.min(blocks, MOST / BLOCK);
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < looked; i++) {
    const start = Math.floor(i * blocks / looked) * BLOCK;
    const values = readElements(
      source.read(offset + start, Math.min(BLOCK, total - start)) as Uint8Array<ArrayBuffer>,
      type,
    );
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      // Whole numbers are always finite, and x - x is 0 for finite numbers alone
      if (type.kind === "float" && value - value !== 0) {
        throw notFinite(value, pictureOf(start / type.size + at), path);
      }
    }
    if (type.kind === "unsigned" && type.size === 1 && greatest >= BRIGHT) {
      return { least, greatest, isPart: looked > 1 };
    }
    if (looked > 1) {
      progress(Math.floor((i + 1) * total / looked), total);
      // Lets an abort be handled
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    }
  }
  return { least, greatest, isPart: looked < blocks };
}

/** The error for a value that is no level. */
export function notFinite(value: number, picture: number, path: string): DatasetError {
  return new DatasetError(
    `${path} must hold finite numbers, found ${value} in picture ${picture}, counted from 0; leave such pictures out, ` +
      "array[np.isfinite(array.reshape(len(array), -1)).all(axis=1)], and save it again",
  );
}
