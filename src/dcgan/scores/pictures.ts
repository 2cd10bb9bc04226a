import { type ImageSize, lengthOf, sidesOf } from "../../pictures/mod.ts";
import { eachDistance } from "./metrics/distances.ts";
import type { Features } from "./metrics/features.ts";
import type { Pictures } from "./metrics/laplacian.ts";

/** Pictures as bytes: `[count, height, width, channels]`. */
export interface PictureSet {
  /** Their levels, 0 to 255. */
  readonly bytes: Uint8Array;
  /** Width and height of a picture. */
  readonly size: ImageSize;
  /** Channels of a picture. */
  readonly channels: number;
}

/** Edge that pictures are averaged down to, so that they can be compared with each other in a second. */
const SMALL = 16;

/** How many there are. */
export function countOf(set: PictureSet): number {
  return set.bytes.length / lengthOf(set);
}

/** The first ones. */
export function firstOf(set: PictureSet, count: number): PictureSet {
  return { ...set, bytes: set.bytes.subarray(0, count * lengthOf(set)) };
}

/** The same ones, the last one first. */
export function reversed(set: PictureSet): PictureSet {
  const each = lengthOf(set);
  const bytes = new Uint8Array(set.bytes.length);
  for (let from = 0; from < bytes.length; from += each) {
    bytes.set(set.bytes.subarray(from, from + each), bytes.length - each - from);
  }
  return { ...set, bytes };
}

/** As the metrics of pixels take them. */
export function asPixels(set: PictureSet): Features {
  return { data: set.bytes, count: countOf(set), dimensions: lengthOf(set) };
}

/** Pictures of the same shape from rows of {@linkcode asPixels}. */
export function withRows(set: PictureSet, { data }: Features): PictureSet {
  return { ...set, bytes: data as Uint8Array };
}

/** As the metrics of patches take them. */
export function asImages(set: PictureSet): Pictures {
  const { bytes, size, channels } = set;
  return { data: bytes, count: countOf(set), ...sidesOf(size), channels };
}

/**
 * Small copies of pictures, each block of pixels averaged: 16 at their shorter side, or the least above that
 * halving reaches.
 */
export function shrink(set: PictureSet): Features {
  const { bytes, size, channels } = set;
  const count = countOf(set);
  let block = 1;
  const { width, height } = sidesOf(size);
  while ([width, height].every((side) => side % (2 * block) === 0 && side / (2 * block) >= SMALL)) block *= 2;
  const row = width / block * channels;
  const dimensions = height / block * row;
  const data = new Float32Array(count * dimensions);
  for (let at = 0, pixel = 0; pixel < count * width * height; pixel++) {
    const y = Math.floor(pixel / width);
    const x = pixel % width;
    const to = Math.floor(y / block) * row + Math.floor(x / block) * channels;
    for (let channel = 0; channel < channels; channel++) {
      data[to + channel]! += bytes[at++]! / (block * block);
    }
  }
  return { data, count, dimensions };
}

/**
 * Mean distance of pictures of a set to the nearest other one of it: a root mean square difference of pixels.
 *
 * @param probes Pictures, from the first on, whose neighbors are looked for.
 */
export function distanceWithin(set: Features, probes: number): number {
  const { data, count, dimensions } = set;
  const first = Math.min(probes, count);
  const nearest = new Float64Array(first).fill(Infinity);
  const probed = { data: data.subarray(0, first * dimensions), count: first, dimensions };
  eachDistance(probed, set, (i, j, squared) => {
    if (i !== j && squared < nearest[i]!) nearest[i] = squared;
  });
  return nearest.reduce((sum, squared) => sum + Math.sqrt(squared / dimensions), 0) / first;
}
