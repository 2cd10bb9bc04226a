import { parseBoxes } from "../../dcgan/experiments/filters/boxes.ts";
import type {
  DropFiltersOptions,
  DropFiltersResult,
} from "../../dcgan/experiments/filters/drop_filters_experiment.ts";
import { DROP_FILTERS_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import { PAPER_DROP_FILTERS } from "../../dcgan/experiments/paper.ts";
import { text } from "../../dcgan/options/option.ts";
import { invocation } from "../arguments/invocation.ts";
import { UsageError } from "../errors.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";
import { percent } from "./texts.ts";

/** `experiment drop-filters`. */
export const dropFiltersCommand: ExperimentCommand = {
  name: "drop-filters",
  description: "make a generator forget to draw something, such as glasses (figure 6)",
  argument: ["<run>", "run folder"],
  data: "images",
  draws: true,
  writes: true,
  flags: [
    [
      "--label <name>",
      "label that says whether it is there (default: the first with boxes)",
      DROP_FILTERS_KINDS.label,
    ],
    [
      "--absent <class>",
      "class of the label that says that it is not (default: the first)",
      DROP_FILTERS_KINDS.absent,
    ],
    ["--boxes <file>", "JSON with boxes drawn by hand, in place of those found by a classifier", text()],
    ["--samples <count>", "samples to find it in (default: 150)", DROP_FILTERS_KINDS.samples],
    [
      "--count <samples>",
      "other samples to count it in, before and after (default: 1000)",
      DROP_FILTERS_KINDS.count,
    ],
    [
      "--layer <number>",
      "hidden layer whose maps are dropped, from 1, the smallest maps (default: the second highest)",
      DROP_FILTERS_KINDS.layer,
    ],
  ],
  help: `
A logistic regression tells from the feature maps at a place whether it lies in a box around the thing; all maps
with a weight above 0 are then dropped. Rows of the picture: samples as they are, without these maps, and without
as many random ones.
The dataset faces has labels of where glasses are. For other datasets draw boxes by hand, on samples of a seed:
  $ ${invocation()} sample runs/rooms --count 150 --seed 1 --format images --out samples
and write them to a file, as shares of width and height from the left and the top:
  { "seed": 1, "boxes": [{ "sample": 0, "box": [0.2, 0.3, 0.6, 0.5] }] }

Examples:
  $ ${invocation()} experiment drop-filters runs/faces-1
  $ ${invocation()} experiment drop-filters runs/rooms --boxes windows.json --out forgotten.png`,
  async run(device, [run], { boxes: path, ...options }) {
    const { dropFiltersExperiment } = await import(
      "../../dcgan/experiments/filters/drop_filters_experiment.ts"
    );
    const boxes = path === undefined ? {} : { boxes: await readBoxes(`${path}`) };
    const given = { ...options, ...boxes } as DropFiltersOptions;
    return dropFiltersFindings(await dropFiltersExperiment(device, run!, given), given);
  },
};

async function readBoxes(path: string) {
  let json: string;
  try {
    json = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`--boxes must be a JSON file, found nothing at "${path}"`);
  }
  return parseBoxes(json, path);
}

/** The result beside the paper's. */
export function dropFiltersFindings(
  result: DropFiltersResult,
  { samples = 150, boxes }: DropFiltersOptions,
): ExperimentFindings {
  const { seen, label, boxOverlap, classifierAccuracy } = result;
  const paper = PAPER_DROP_FILTERS;
  const [height, width] = result.mapSides;
  return {
    title: `${result.run}: samples without the feature maps that draw ${label ?? "what is in the boxes"}`,
    rows: [
      ["", "here", "paper, windows of bedrooms"],
      [
        "samples with it",
        boxes ? `${result.boxed}` : `${result.boxed} of ${samples}`,
        `${paper.boxes} boxes in ${paper.samples}`,
      ],
      ["boxes", boxes ? "drawn by hand" : "found by a classifier", "drawn by hand"],
      ["layer", `${result.layer[0]} of ${result.layer[1]}, maps of ${width}x${height}`, "second highest"],
      ["places told right", `${percent(result.accuracy)} of ${result.places}`, "not stated"],
      ["maps dropped", `${result.dropped} of ${result.maps}`, `${paper.dropped}`],
      ...seen
        ? [
          ["seen before", percent(seen.before), "a picture only"],
          ["seen after", percent(seen.after), "a picture only"],
          ["seen with random maps dropped", percent(seen.random), ""],
          ["other labels that stay", percent(seen.othersKept), ""],
          ["the same, random maps dropped", percent(seen.othersKeptRandom), ""],
        ]
        : [],
    ],
    notes: [
      ...seen
        ? [
          `Counted in ${result.count} other samples, by a classifier that is right in ${
            percent(classifierAccuracy!)
          } of the dataset's images.`,
        ]
        : ["How often it is seen is not counted: that needs a label of the dataset (--label)."],
      ...boxOverlap === undefined ? [] : [
        `Boxes that it finds in the dataset's images share ${
          percent(boxOverlap)
        } of their area with the true ones.`,
      ],
    ],
    warnings: result.warnings,
    picture: result.picture,
    mark: result.mark,
    document: { type: "drop-filters", value: result },
  };
}
