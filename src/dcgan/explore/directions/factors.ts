import type { Labels, OpenDataset } from "../../../../plugins/datasets/mod.ts";
import { chosenPlaces, readPictures } from "../../scores/reference.ts";
import { boxNamesOf } from "./box_labels.ts";
import type { ClassLabel, NumberLabel } from "../../scores/features/labeled_pictures.ts";
import type { TrainingPictures } from "../../scores/features/train_classifier.ts";
import { lengthOf } from "../../../pictures/mod.ts";

/**
 * Something that is known of the pictures of a dataset: a label that is a number, or one class of a label.
 */
export interface Factor {
  /** `smile`, or `glasses=round`. */
  readonly name: string;
  /** The label. */
  readonly label: string;
  /** The class; undefined if the label is a number. */
  readonly className: string | undefined;
}

/** Classes of a label at most: a label with more names pictures rather than kinds of them. */
const MOST_CLASSES = 100;

/**
 * Labels that factors are made of: numbers, and those with 2 to 100 classes. The sides of boxes are none: they say where
 * something is, and no number if it is not there.
 */
export function factorLabelsOf({ labels = {} }: Pick<OpenDataset, "labels">): string[] {
  const sides = new Set(Object.keys(labels).flatMap((name) => boxNamesOf(labels, name) ?? []));
  return Object.entries(labels)
    .filter(([name, { classes }]) =>
      classes === undefined ? !sides.has(name) : classes.length >= 2 && classes.length <= MOST_CLASSES
    )
    .map(([name]) => name);
}

/** The factors of labels: one of a number, one of each class. */
export function factorsOf(labels: Readonly<Record<string, Labels>>, names: readonly string[]): Factor[] {
  return names.flatMap((label): Factor[] => {
    const { classes } = labels[label]!;
    if (classes === undefined) return [{ name: label, label, className: undefined }];
    return classes.map((className) => ({ name: `${label}=${className}`, label, className }));
  });
}

/** Reads pictures of a dataset with labels: a fixed random choice. */
export async function readFactorPictures(
  dataset: OpenDataset,
  names: readonly string[],
  count: number,
  signal?: AbortSignal,
): Promise<TrainingPictures> {
  const { bytes: pictures, size, channels } = await readPictures(dataset, count, signal);
  const places = chosenPlaces(dataset, count);
  const labels = names.map((name): ClassLabel | NumberLabel => {
    const { classes, at } = dataset.labels![name]!;
    return classes === undefined
      ? { name, values: standardized(Float32Array.from(places, (place) => at(place))) }
      : { name, classes: classes.length, values: Uint32Array.from(places, (place) => at(place)) };
  });
  return { pictures, count: places.length, size, channels, labels };
}

/** Every second picture, from the first or the second on. */
export function halfOf(data: TrainingPictures, half: 0 | 1): TrainingPictures {
  const each = lengthOf(data);
  const count = Math.ceil((data.count - half) / 2);
  const pictures = new Uint8Array(count * each);
  for (let row = 0; row < count; row++) {
    const from = (2 * row + half) * each;
    pictures.set(data.pictures.subarray(from, from + each), row * each);
  }
  const isHere = (_: number, row: number) => row % 2 === half;
  const labels = data.labels.map((label) =>
    label.classes === undefined
      ? { ...label, values: label.values.filter(isHere) }
      : { ...label, values: label.values.filter(isHere) }
  );
  return { ...data, pictures, count, labels };
}

/** Numbers with mean 0 and deviation 1, so that no label outweighs the others; equal numbers become 0. */
function standardized(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / (Math.sqrt(variance) || 1));
}
