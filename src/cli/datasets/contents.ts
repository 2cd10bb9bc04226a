/** What is in an open dataset, as the command line shows it. */
import type { Labels, OpenDataset } from "../../../plugins/datasets/mod.ts";
import { figure, NO_BREAK } from "../terminal/text.ts";
import { Turns } from "../terminal/yield_regularly.ts";

/** Classes that are shown of a label. */
const SHOWN_CLASSES = 12;

/** Most labels that are read; of larger sets only the names of the classes are shown. */
const MOST_LABELS = 20_000_000;

/** Labels that are looked at between two looks at the clock. */
const STRIDE = 64;

/** What a label is: its classes, or its range. */
interface LabelContents {
  readonly name: string;
  /** Its classes, with how many images each has if they were counted. */
  readonly classes?: readonly { readonly name: string; readonly images?: number }[];
  readonly least?: number;
  readonly greatest?: number;
}

/** What is in a dataset. */
export interface DatasetContents {
  readonly images: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly labels: readonly LabelContents[];
}

/**
 * The number of images, and for each label its classes with how many images each has, or its range.
 *
 * @param signal Ends the counting.
 */
export async function contents(
  open: OpenDataset,
  signal: AbortSignal,
): Promise<DatasetContents> {
  const { length, shape: [height, width, channels], labels } = open;
  const looksAt = length * Object.keys(labels).length <= MOST_LABELS;
  const turns = new Turns(signal);
  const found: LabelContents[] = [];
  for (const [name, label] of Object.entries(labels)) {
    if (label.classes) {
      const counts = looksAt ? await countsOf(label, length, turns) : undefined;
      const classes = label.classes.map((one, i) =>
        counts ? { name: one, images: counts.get(i) ?? 0 } : { name: one }
      );
      found.push({ name, classes });
    } else found.push({ name, ...(looksAt ? await rangeOf(label, length, turns) : {}) });
  }
  return { images: length, width, height, channels, labels: found };
}

/** The same as rows for people. */
export function contentRows({ images, width, height, channels, labels }: DatasetContents): string[][] {
  const colors = `${channels <= 2 ? "gray" : "color"}${channels % 2 === 0 ? " with alpha" : ""}`;
  return [
    ["images", `${images}, ${colors}, read as ${width}x${height}x${channels}`],
    ...labels.map((label) => [label.name, labelText(label)]),
  ];
}

function labelText({ classes, least, greatest }: LabelContents): string {
  if (classes) return classText(classes);
  return least === undefined || greatest === undefined
    ? "a number"
    : `a number from ${figure(least)} to ${figure(greatest)}`;
}

function classText(classes: NonNullable<LabelContents["classes"]>): string {
  const shown = classes.slice(0, SHOWN_CLASSES).map(({ name, images }) =>
    images === undefined ? name : `${name}${NO_BREAK}(${images})`
  );
  if (classes.length > SHOWN_CLASSES) shown.push(`${classes.length - SHOWN_CLASSES} more`);
  return `${classes.length} classes: ${shown.join(", ")}`;
}

async function countsOf(label: Labels, length: number, turns: Turns): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let index = 0; index < length; index++) {
    if (index % STRIDE === 0) await turns.give();
    const value = label.at(index);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

async function rangeOf(
  label: Labels,
  length: number,
  turns: Turns,
): Promise<{ least: number; greatest: number }> {
  let [least, greatest] = [Infinity, -Infinity];
  for (let index = 0; index < length; index++) {
    if (index % STRIDE === 0) await turns.give();
    const value = label.at(index);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return { least, greatest };
}
