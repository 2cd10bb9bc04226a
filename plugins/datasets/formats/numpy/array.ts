import { DatasetError, type Labels } from "../../contract.ts";
import type { ByteSource } from "../byte_source.ts";
import type { NpyHeader } from "../npy.ts";
import { readElements } from "./elements.ts";
import type { NpyLayout } from "./layout.ts";
import { figure, type FoundRange, type LevelRange, toLevels } from "./range.ts";
import { notFinite, type Watched } from "./scan.ts";

/** Most bytes of levels that are held in memory, if pictures lie scattered over a file. */
const MOST_HELD = 2 ** 30;

/** Elements that are read at once. */
const BLOCK = 2 ** 20;

/** The part of a range by which a value may lie outside of it, as rounding makes it. */
const SLACK = 0.02;

/** An array of pictures in a file. */
export interface PictureArray {
  /** Where its bytes are. */
  readonly source: ByteSource;
  /** What the file says. */
  readonly header: NpyHeader;
  /** Where the pictures are in it. */
  readonly layout: NpyLayout;
  /** Values of black and white. */
  readonly range: LevelRange;
  /** Whether values far outside of the range are an error, as not all values were read before. */
  readonly isGuessed: boolean;
}

/** An array, and the labels that come with it. */
export interface LabeledArray {
  /** Its file, or the part of it. */
  readonly source: ByteSource;
  /** How messages call it. */
  readonly path: string;
  /** What its file says of it. */
  readonly header: NpyHeader;
  /** The labels of `length` pictures. */
  readonly labels: (length: number) => Promise<Record<string, Labels>>;
}

/** Reads one of the pictures of an array: its levels from 0 to 255, row by row, channels side by side. */
export type PictureReader = (index: number) => Uint8Array;

/**
 * How the pictures of an array are read: each from the file when it is wanted, if its elements lie together;
 * else, in Fortran's order, all of them now, into memory.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if memory would have to hold too much.
 */
export async function pictureReader(
  array: PictureArray,
  path: string,
  watched: Watched,
): Promise<PictureReader> {
  const { header: { type, offset }, layout, range, source } = array;
  const { length, height, width, channels, strides } = layout;
  const each = height * width * channels;
  const isWhole = length === 1 || strides.n === each;
  if (!isWhole) return await gather(array, path, watched);
  const order = isInterleaved(layout) ? undefined : orderOf(layout);
  const isReady = type.kind === "unsigned" && type.size === 1 && range.low === 0 && range.high === 255;
  return (index) => {
    const bytes = source.read(offset + index * each * type.size, each * type.size) as Uint8Array<ArrayBuffer>;
    const values = readElements(bytes, type);
    check(array, values, () => index, path);
    if (isReady && order === undefined) return bytes;
    const levels = new Uint8ClampedArray(each);
    toLevels(values, range, levels, order);
    return new Uint8Array(levels.buffer);
  };
}

/** Whether the channels of a pixel, the pixels of a row and the rows lie side by side. */
function isInterleaved({ width, channels, strides: { h, w, c } }: NpyLayout): boolean {
  return (channels === 1 || c === 1) && w === channels && h === width * channels;
}

/** Where in a picture's elements its levels are, in the order in which they are wanted. */
function orderOf({ height, width, channels, strides: { h, w, c } }: NpyLayout): Uint32Array {
  const order = new Uint32Array(height * width * channels);
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < channels; channel++) order[at++] = row * h + column * w + channel * c;
    }
  }
  return order;
}

/** Reads a whole file from its start to its end, and puts each level to its picture. */
async function gather(array: PictureArray, path: string, watched: Watched): Promise<PictureReader> {
  const { header: { type, offset }, layout: { length, height, width, channels, strides }, range, source } =
    array;
  const each = height * width * channels;
  const count = length * each;
  if (count > MOST_HELD) {
    throw new DatasetError(
      `${path} must have at most ${MOST_HELD} values in Fortran order, found ${count}; ` +
        'save it in C order, np.save("new.npy", np.ascontiguousarray(np.load("old.npy", mmap_mode="r")))',
    );
  }
  const held = new Uint8Array(count);
  const levels = new Uint8ClampedArray(BLOCK);
  for (let start = 0; start < count; start += BLOCK) {
    const part = Math.min(BLOCK, count - start);
    const bytes = source.read(offset + start * type.size, part * type.size) as Uint8Array<ArrayBuffer>;
    const values = readElements(bytes, type);
    check(array, values, (at) => (start + at) % length, path);
    toLevels(values, range, levels.subarray(0, part));
    for (let i = 0; i < part; i++) {
      const element = start + i;
      // The picture is the innermost axis, and every other one a multiple of what is inside of it
      const picture = element % length;
      const row = Math.floor(element / strides.h) % height;
      const column = Math.floor(element / strides.w) % width;
      const channel = channels === 1 ? 0 : Math.floor(element / strides.c) % channels;
      held[picture * each + (row * width + column) * channels + channel] = levels[i]!;
    }
    watched.progress(start + part, count);
    await new Promise((resolve) => setTimeout(resolve));
    watched.signal.throwIfAborted();
  }
  return (index) => held.subarray(index * each, (index + 1) * each);
}

/** Refuses values that were not seen when the range was found. */
function check(
  { header: { type }, range: { low, high }, isGuessed }: PictureArray,
  values: ArrayLike<number>,
  pictureOf: (at: number) => number,
  path: string,
): void {
  const isFloat = type.kind === "float";
  if (!isGuessed && !isFloat || type.kind === "bits") return;
  const slack = (high - low) * SLACK;
  const [least, greatest] = isGuessed ? [low - slack, high + slack] : [-Infinity, Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (isFloat && value - value !== 0) throw notFinite(value, pictureOf(at), path);
    if (value < least || value > greatest) throw outside(value, pictureOf(at), { low, high }, path);
  }
}

function outside(value: number, picture: number, { low, high }: LevelRange, path: string): DatasetError {
  return new DatasetError(
    `${path} must hold values from ${figure(low)} to ${figure(high)}, like the values read first, ` +
      `found ${figure(value)} in picture ${picture}; say the values of black and white with --data-range`,
  );
}

/** What pictures are, by their channels. */
const COLORS = { 1: "gray", 2: "gray with alpha", 3: "color", 4: "color with alpha" } as const;

/** What was found in an array and what was made of it, in one line. */
export function describe(
  { header: { type }, layout, range }: Pick<PictureArray, "header" | "layout" | "range">,
  found: FoundRange & { readonly isPart: boolean } | undefined,
  path: string,
): string {
  const { length, height, width, channels, axes, doubt } = layout;
  const color = COLORS[channels];
  const pictures = length === 1
    ? `one ${color} picture of ${width}x${height} pixels`
    : `${length} ${color} pictures of ${width}x${height} pixels`;
  const part = found?.isPart ? " where looked at" : "";
  const values = found ? `, values from ${figure(found.least)} to ${figure(found.greatest)}${part}` : "";
  return `${path} is read as ${pictures}, ${axes} of ${type.name}${values}, with ${
    figure(range.low)
  } as black and ${figure(range.high)} as white${doubt === undefined ? "" : `; ${doubt}`}`;
}
