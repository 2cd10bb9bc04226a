import { createHash } from "node:crypto";
import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import { permuted } from "../../../gpu/mod.ts";

/** Pictures that a classifier learns from at most. */
const MOST_PICTURES = 20_000;

/** Bytes of pictures that are kept in memory at most. */
const MOST_BYTES = 2 ** 29;

/** Classes of a label at most: a label with more names pictures rather than kinds of them. */
const MOST_CLASSES = 1024;

/** Pictures that are read at once. */
const CHUNK = 256;

/** A label with its classes. */
export interface ClassLabel {
  /** Its name. */
  readonly name: string;
  /** Number of classes. */
  readonly classes: number;
  /** The class of each picture. */
  readonly values: Uint32Array;
}

/** Pictures with their classes. */
export interface LabeledPictures {
  /** `[count, size, size, channels]`. */
  readonly pictures: Uint8Array;
  /** How many. */
  readonly count: number;
  /** Edge of a picture. */
  readonly size: number;
  /** Channels of a picture. */
  readonly channels: number;
  /** Their labels. */
  readonly labels: readonly ClassLabel[];
  /** SHA-256 of all of it, in hexadecimal digits. */
  readonly key: string;
}

/** Labels of a dataset that a classifier can learn: those with 2 to 1,024 classes. */
export function classLabelsOf({ labels = {} }: OpenDataset): string[] {
  return Object.entries(labels)
    .filter(([, { classes = [] }]) => classes.length >= 2 && classes.length <= MOST_CLASSES)
    .map(([name]) => name);
}

/**
 * Reads pictures of a dataset with their classes: a fixed random choice of 20,000, or all if there are fewer, or as many
 * as 512 MiB hold.
 */
export async function readLabeled(dataset: OpenDataset, signal?: AbortSignal): Promise<LabeledPictures> {
  const [size, , channels] = dataset.shape;
  const each = size * size * channels;
  const count = Math.min(dataset.length, MOST_PICTURES, Math.floor(MOST_BYTES / each));
  const indices = Array.from(
    { length: count },
    (_, place) => permuted(place, dataset.length, { seed: 0, epoch: 0 }),
  );
  const pictures = new Uint8Array(count * each);
  for (let start = 0; start < count; start += CHUNK) {
    const part = indices.slice(start, start + CHUNK);
    await dataset.read(part, pictures.subarray(start * each, (start + part.length) * each), signal);
  }
  const labels = classLabelsOf(dataset).map((name): ClassLabel => {
    const { classes, at } = dataset.labels![name]!;
    return { name, classes: classes!.length, values: Uint32Array.from(indices, (index) => at(index)) };
  });
  const hash = createHash("sha256").update(JSON.stringify([size, channels]));
  for (const { name, classes, values } of labels) {
    hash.update(JSON.stringify([name, classes])).update(new Uint8Array(values.buffer));
  }
  return { pictures, count, size, channels, labels, key: hash.update(pictures).digest("hex") };
}
