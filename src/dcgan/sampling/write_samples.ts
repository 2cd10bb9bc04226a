import { type FileInfo, host } from "../../host/host.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { npyHeader } from "../../files/npy.ts";
import { encodePng, enlarge, type Mark, markPng, type Picture } from "../../pictures/mod.ts";
import { encodeGrid, type GridEncoding } from "./encode_grid.ts";
import { planesOf } from "./planes.ts";

/** What all pictures have in common. */
export type PictureShape = Omit<Picture, "data">;

/** Writes samples as one float32 array, a chunk at a time. */
export async function writeArray(
  out: string,
  chunks: AsyncIterable<Float32Array>,
  shape: [count: number, channels: number, height: number, width: number],
): Promise<void> {
  let failure: unknown;
  async function* drawn(): AsyncGenerator<Float32Array> {
    try {
      yield* chunks;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  try {
    await writeFileAtomic(out, npyChunks(drawn(), shape));
  } catch (error) {
    // That samples cannot be drawn has nothing to do with the file
    throw failure ?? error;
  }
}

/** How a grid is laid out, and what it says. */
export interface GridWriting extends GridEncoding {
  readonly signal: AbortSignal | undefined;
}

/** How an image for each sample is written. */
export interface ImagesWriting {
  /** Each pixel becomes a square of so many. */
  readonly scale: number;
  /** What the image of a sample says about itself. */
  readonly markOf: ((sample: number) => Mark) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Writes all samples as one grid: if there are several classes, which samples take in turn, with a row for each. */
export async function writeGrid(
  out: string,
  chunks: AsyncIterable<Uint8Array>,
  count: number,
  shape: PictureShape,
  { signal, ...encoding }: GridWriting,
): Promise<void> {
  const data = new Uint8Array(count * shape.width * shape.height * shape.channels);
  let at = 0;
  for await (const bytes of chunks) {
    data.set(bytes, at);
    at += bytes.length;
  }
  const png = await encodeGrid({ ...shape, data }, encoding);
  signal?.throwIfAborted();
  await writeFileAtomic(out, png);
}

/**
 * Refuses a folder that is not empty: its files could not be told from the new images.
 *
 * @throws {RangeError} if something is in it, or it is a file.
 */
export async function expectFreeFolder(out: string): Promise<void> {
  const info = await infoOf(out);
  if (!info) return;
  if (!info.isDirectory) {
    throw new RangeError(
      `Cannot write images to ${out}: it must be a folder, found a file. Name another one`,
    );
  }
  for await (const { name } of host().readDir(out)) {
    throw new RangeError(
      `Cannot write images to ${out}: it must be a new or empty folder, found '${name}' in it. ` +
        `Name another one, or empty it`,
    );
  }
}

/** What is at a path; undefined if nothing is. */
async function infoOf(path: string): Promise<FileInfo | undefined> {
  try {
    return await host().stat(path);
  } catch (error) {
    if (host().problemOf(error) === "NotFound" || host().problemOf(error) === "NotADirectory") {
      return undefined;
    }
    throw error;
  }
}

/**
 * Writes an image for each sample. If not all can be written, none stays: part of a set looks like a whole one.
 *
 * @returns their paths.
 */
export async function writeImages(
  out: string,
  chunks: AsyncIterable<Uint8Array>,
  shape: PictureShape,
  { scale, markOf, signal }: ImagesWriting,
): Promise<string[]> {
  const each = shape.width * shape.height * shape.channels;
  const paths: string[] = [];
  const isNew = !await infoOf(out);
  await host().mkdir(out, { recursive: true });
  try {
    for await (const bytes of chunks) {
      for (let at = 0; at < bytes.length; at += each) {
        signal?.throwIfAborted();
        const path = `${out}/${`${paths.length}`.padStart(6, "0")}.png`;
        const picture = enlarge({ ...shape, data: bytes.subarray(at, at + each) }, scale);
        const png = await encodePng(picture);
        await writeFileAtomic(path, markOf ? markPng(png, markOf(paths.length)) : png);
        paths.push(path);
      }
    }
  } catch (error) {
    // The failure itself is what matters
    for (const path of isNew ? [...paths, out] : paths) await host().remove(path).catch(() => {});
    throw error;
  }
  return paths;
}

/** The bytes of a npy file, a chunk of samples at a time, channels before pixels. */
async function* npyChunks(
  chunks: AsyncIterable<Float32Array>,
  [count, channels, height, width]: [number, number, number, number],
): AsyncGenerator<Uint8Array> {
  yield npyHeader([count, channels, height, width]);
  for await (const values of chunks) yield new Uint8Array(planesOf(values, channels, height * width).buffer);
}
