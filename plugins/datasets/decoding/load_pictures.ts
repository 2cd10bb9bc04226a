import { host } from "../../../src/host/host.ts";
import { readFull } from "../../../src/files/read_full.ts";
import {
  type Channels,
  checkFileLength,
  decodePicture,
  fitPicture,
  type ImageSize,
  lengthOf,
} from "../../../src/pictures/mod.ts";
import { type FilePart, readPart } from "../sources/file_part.ts";
import { messageOf, quote } from "../messages.ts";
import { release } from "./release.ts";
import type { SharedBudget } from "./shared_budget.ts";

/** Files of at least this many bytes are read only when no other large picture is being decoded. */
const LONG_FILE = 32 * 2 ** 20;

/** A picture file, by its path, as its bytes or as what is wrong with it, and where it is cut. */
export interface EncodedPicture {
  /** Its path, the file that it is a part of, or what it holds; an error if that cannot be read. */
  readonly file: string | FilePart | Uint8Array | { readonly failure: string };
  /** Where along the side that is cut the image is taken from, from 0 to 1. */
  readonly crop: number;
}

/** What pictures are made into. */
export interface PictureFit {
  /** Width and height of the images. */
  readonly size: ImageSize;
  /** 1 for gray, 3 for color, one more with alpha. */
  readonly channels: Channels;
}

/** Pictures that were loaded together. */
export interface LoadedPictures {
  /** The images one after the other; zeros in place of those that failed. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** What is wrong with those that could not be loaded, by their place among them. */
  readonly failures: ReadonlyMap<number, string>;
}

/** Makes images of picture files, one after the other. */
export interface PictureLoader extends Disposable {
  /**
   * Loads pictures.
   *
   * @param open Opens them; called when it is their turn, so that only those being decoded are in memory.
   * Bytes that it gives may not be used afterwards.
   * @param signal Aborts; what is being decoded is still finished, and discarded.
   */
  load(
    open: () => Promise<readonly EncodedPicture[]>,
    fit: PictureFit,
    signal?: AbortSignal,
  ): Promise<LoadedPictures>;
}

/**
 * Reads, decodes, cuts and resizes pictures, in the thread that calls. What is wrong with one does not stop
 * the next.
 *
 * @param budget What the thread shares with others; without it, it is alone.
 */
export async function loadPictures(
  pictures: readonly EncodedPicture[],
  fit: PictureFit,
  budget?: SharedBudget,
): Promise<LoadedPictures> {
  const each = lengthOf(fit);
  const pixels = new Uint8Array(pictures.length * each);
  const failures = new Map<number, string>();
  const beforeDecoding = budget && (({ memory }: { memory: number }) => budget.take(memory));
  for (const [position, { file, crop }] of pictures.entries()) {
    budget?.begin();
    try {
      const bytes = bytesOf(file, budget);
      const picture = await decodePicture(bytes, beforeDecoding ? { beforeDecoding } : {});
      const image = fitPicture(picture, { ...fit, crop });
      pixels.set(image.data, position * each);
      if (bytes !== file) release(bytes);
      release(picture.data);
      release(image.data);
    } catch (cause) {
      failures.set(position, whatIsWrong(file, cause));
    }
    budget?.giveBack();
  }
  return { pixels, failures };
}

/** Reads synchronously, as that is quicker, and nothing else waits for a worker's thread. */
function bytesOf(file: EncodedPicture["file"], budget: SharedBudget | undefined): Uint8Array {
  if (file instanceof Uint8Array) return file;
  if (typeof file === "string") return readWhole(file, budget);
  if ("failure" in file) throw new Error(file.failure);
  allowLength(Math.max(file.size, file.packed?.size ?? 0), budget);
  return readPart(file);
}

/** Where files are read to first: most are no longer. */
const start = new Uint8Array(2 ** 17);

/**
 * Reads a file, whose length is looked at only if it is not short: that takes a third as long as reading it.
 */
function readWhole(path: string, budget: SharedBudget | undefined): Uint8Array {
  const file = host().openSync(path);
  // No `using`, which takes a tenth as long as all of this
  try {
    let filled = readFull(file, start);
    if (filled < start.length) return start.slice(0, filled);
    const { size } = file.statSync();
    allowLength(size, budget);
    const bytes = new Uint8Array(Math.max(size, filled));
    bytes.set(start);
    filled = readFull(file, bytes, filled);
    return filled < bytes.length ? bytes.slice(0, filled) : bytes;
  } finally {
    file.close();
  }
}

/** A link or a hole on a disk may claim terabytes, and files of many mebibytes are read one at a time. */
function allowLength(length: number, budget: SharedBudget | undefined): void {
  checkFileLength(length);
  if (length > LONG_FILE) budget?.takeAll();
}

/** What is wrong, in a sentence instead of the system's or the engine's own words. */
function whatIsWrong(file: EncodedPicture["file"], cause: unknown): string {
  const which = typeof file === "string" ? quote(file) : "It";
  if (host().problemOf(cause) === "NotFound") return `${which} cannot be read: the file no longer exists`;
  if (host().problemOf(cause) === "PermissionDenied") return `${which} cannot be read: this user may not`;
  if (host().problemOf(cause) === "IsADirectory") return `${which} cannot be read: it is now a folder`;
  if (cause instanceof RangeError) return `${which} does not fit memory; make it smaller first`;
  return messageOf(cause);
}
