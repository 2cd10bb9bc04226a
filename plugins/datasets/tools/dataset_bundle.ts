import { pictureHtml, tableHtml } from "../../../src/pictures/notebook/html.ts";
import { type MimeBundle, mimeBundle } from "../../../src/pictures/notebook/mime_bundle.ts";
import { DatasetError, type Labels } from "../contract.ts";
import type { OpenDataset } from "../opening/checked_dataset.ts";
import { previewDataset } from "./preview.ts";

/** Images in the grid at most, and its pixels. */
const [MOST_IMAGES, MOST_PIXELS] = [36, 2 ** 20];

/** Classes that are named of a label. */
const NAMED_CLASSES = 8;

/** What a notebook shows of an open dataset: a grid of its images, and what is known of them. */
export async function datasetBundle(dataset: OpenDataset): Promise<MimeBundle> {
  const { name, shape: [height, width] } = dataset;
  const facts = factsOf(dataset);
  const count = Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_PIXELS / (width * height))));
  let png: Uint8Array | undefined;
  try {
    png = await previewDataset(dataset, count);
  } catch (error) {
    // It was closed, or its images are damaged
    if (!(error instanceof DatasetError)) throw error;
    facts.push(["problem", error.message]);
  }
  const wide = Math.max(...facts.map(([fact]) => fact.length));
  const text = facts.map(([fact, value]) => `  ${fact.padEnd(wide)}  ${value}`).join("\n");
  return mimeBundle({
    text: `Dataset ${name}\n${text}`,
    html: (png ? pictureHtml(png, `Images of ${name}`) : "") + tableHtml(facts),
    png,
  });
}

function factsOf(
  { name, length, shape: [height, width, channels], labels }: OpenDataset,
): [string, string][] {
  return [
    ["name", name],
    ["images", length.toLocaleString("en-US")],
    ["shape", `${width}x${height}, ${channels} ${channels === 1 ? "channel" : "channels"}`],
    ...Object.entries(labels).map(([label, one]): [string, string] => [label, labelText(one)]),
  ];
}

function labelText({ classes }: Labels): string {
  if (!classes) return "a number";
  const more = classes.length - NAMED_CLASSES;
  const named = classes.slice(0, NAMED_CLASSES).join(", ");
  return `${classes.length} classes: ${named}${more > 0 ? `, and ${more} more` : ""}`;
}
