import type { Labels, OpenDataset } from "../../../../plugins/datasets/mod.ts";

/** Sides of a box, as the labels of a dataset name them. */
const SIDES = ["left", "top", "right", "bottom"] as const;

/**
 * The names of the four labels with the box of what a label names, such as `glasses_left` for `glasses`; undefined if the
 * dataset has not all of them.
 */
export function boxNamesOf(labels: OpenDataset["labels"], label: string): readonly string[] | undefined {
  const names = SIDES.map((side) => `${label}_${side}`);
  return names.every((name) => labels?.[name] && !labels[name].classes) ? names : undefined;
}

/** Those labels themselves. */
export function boxLabelsOf(
  { labels }: Pick<OpenDataset, "labels">,
  label: string,
): readonly Labels[] | undefined {
  return boxNamesOf(labels, label)?.map((name) => labels![name]!);
}
