/** What is in an open dataset, as the command line shows it. */
import type { Labels, OpenDataset } from "../../../plugins/datasets/mod.ts";
import { figure, NO_BREAK } from "../terminal/text.ts";
import { shapeText } from "./shared_flags.ts";
import { Turns } from "../terminal/yield_regularly.ts";

/** Classes that are shown of a label. */
const SHOWN_CLASSES = 12;

/** Most labels that are read; of larger sets only the names of the classes are shown. */
const MOST_LABELS = 20_000_000;

/** Labels that are looked at between two looks at the clock. */
const STRIDE = 64;

/**
 * The number of images, and for each label its classes with how many images each has, or its range.
 *
 * @param signal Ends the counting.
 */
export async function contents(
  open: OpenDataset,
  signal: AbortSignal,
): Promise<string[][]> {
  const { length, shape: [, , channels], labels } = open;
  const looksAt = length * Object.keys(labels).length <= MOST_LABELS;
  const turns = new Turns(signal);
  const colors = `${channels <= 2 ? "gray" : "color"}${channels % 2 === 0 ? " with alpha" : ""}`;
  const rows = [["images", `${length}, ${colors}, read as ${shapeText(open)}`]];
  for (const [name, label] of Object.entries(labels)) {
    if (label.classes) {
      const counts = looksAt ? await countsOf(label, length, turns) : undefined;
      rows.push([name, classText(label.classes, counts)]);
    } else rows.push([name, looksAt ? await rangeText(label, length, turns) : "a number"]);
  }
  return rows;
}

function classText(classes: readonly string[], counts: ReadonlyMap<number, number> | undefined): string {
  const shown = classes.slice(0, SHOWN_CLASSES).map((name, i) =>
    counts ? `${name}${NO_BREAK}(${counts.get(i) ?? 0})` : name
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

async function rangeText(label: Labels, length: number, turns: Turns): Promise<string> {
  let [least, greatest] = [Infinity, -Infinity];
  for (let index = 0; index < length; index++) {
    if (index % STRIDE === 0) await turns.give();
    const value = label.at(index);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return `a number from ${figure(least)} to ${figure(greatest)}`;
}
