/** What is in an open dataset, as the command line shows it. */
import type { Labels, OpenDataset } from "../../../plugins/datasets/mod.ts";
import { figure, NO_BREAK } from "../text.ts";

/** Classes that are shown of a label. */
const SHOWN_CLASSES = 12;

/** Labels that are looked at; of larger sets only the names of the classes are told. */
const MOST_LABELS = 20_000_000;

/** The number of images, and for each label its classes with how many images each has, or its range. */
export function contents({ length, shape, labels }: OpenDataset): string[][] {
  const looksAt = length * Object.keys(labels).length <= MOST_LABELS;
  const rows = Object.entries(labels).map(([name, label]) => [
    name,
    label.classes
      ? classText(label.classes, looksAt ? countsOf(label, length) : undefined)
      : looksAt
      ? rangeText(label, length)
      : "a number",
  ]);
  return [["images", `${length}, ${shape[2] === 1 ? "grey" : "colour"}`], ...rows];
}

function classText(classes: readonly string[], counts: ReadonlyMap<number, number> | undefined): string {
  const shown = classes.slice(0, SHOWN_CLASSES).map((name, i) =>
    counts ? `${name}${NO_BREAK}(${counts.get(i) ?? 0})` : name
  );
  if (classes.length > SHOWN_CLASSES) shown.push(`${classes.length - SHOWN_CLASSES} more`);
  return `${classes.length} classes: ${shown.join(", ")}`;
}

function countsOf(label: Labels, length: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let index = 0; index < length; index++) {
    const value = label.at(index);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function rangeText(label: Labels, length: number): string {
  let [least, greatest] = [Infinity, -Infinity];
  for (let index = 0; index < length; index++) {
    const value = label.at(index);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return `a number from ${figure(least)} to ${figure(greatest)}`;
}
