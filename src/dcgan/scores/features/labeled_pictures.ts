import { host } from "../../../host/host.ts";
import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import { type ImageSize, imageSizeOf } from "../../../pictures/mod.ts";
import { chosenPlaces, readPictures } from "../reference.ts";

/** Pictures that a classifier learns from at most. */
const MOST_PICTURES = 20_000;

/** Bytes of pictures that are kept in memory at most. */
const MOST_BYTES = 2 ** 29;

/** Classes of a label at most: a label with more names pictures rather than kinds of them. */
const MOST_CLASSES = 1024;

/** A label with its classes. */
export interface ClassLabel {
  /** Its name. */
  readonly name: string;
  /** Number of classes. */
  readonly classes: number;
  /** The class of each picture. */
  readonly values: Uint32Array;
}

/** A label that is a plain number. */
export interface NumberLabel {
  /** Its name. */
  readonly name: string;
  /** It has none. */
  readonly classes?: undefined;
  /** The number of each picture. */
  readonly values: Float32Array;
}

/** Pictures with their classes. */
export interface LabeledPictures {
  /** `[count, height, width, channels]`. */
  readonly pictures: Uint8Array;
  /** How many. */
  readonly count: number;
  /** Width and height of a picture. */
  readonly size: ImageSize;
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
 * Reads pictures of a dataset with their classes: a fixed random choice of 20,000, or all if there are fewer,
 * or as many as 512 MiB hold.
 */
export async function readLabeled(dataset: OpenDataset, signal?: AbortSignal): Promise<LabeledPictures> {
  const [height, width, channels] = dataset.shape;
  const size = imageSizeOf({ width, height });
  const most = Math.min(MOST_PICTURES, Math.floor(MOST_BYTES / (width * height * channels)));
  const { bytes: pictures } = await readPictures(dataset, most, signal);
  const places = chosenPlaces(dataset, most);
  const count = places.length;
  const labels = classLabelsOf(dataset).map((name): ClassLabel => {
    const { classes, at } = dataset.labels![name]!;
    return { name, classes: classes!.length, values: Uint32Array.from(places, (place) => at(place)) };
  });
  const hash = host().sha256().update(JSON.stringify([size, channels]));
  for (const { name, classes, values } of labels) {
    hash.update(JSON.stringify([name, classes])).update(new Uint8Array(values.buffer));
  }
  return { pictures, count, size, channels, labels, key: hash.update(pictures).digest("hex") };
}
