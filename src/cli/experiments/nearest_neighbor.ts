import type {
  NearestNeighborOptions,
  NearestNeighborResult,
} from "../../dcgan/experiments/neighbors/nearest_neighbor_experiment.ts";
import { NEAREST_NEIGHBOR_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import { PAPER_NEAREST_NEIGHBOR, paperNearestNeighborCost } from "../../dcgan/experiments/paper.ts";
import { invocation } from "../arguments/invocation.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";
import { costText, percent } from "./texts.ts";

/** `experiment nearest-neighbor`. */
export const nearestNeighborCommand: ExperimentCommand = {
  name: "nearest-neighbor",
  description: "classify images by the nearest sample of a generator with classes (table 3)",
  argument: [
    "<runs...>",
    "a conditional run; or, as in the paper, a run for each class, in the order of classes",
  ],
  data: "labeled images",
  draws: true,
  writes: true,
  flags: [
    [
      "--samples <images>",
      "samples to compare with, and real images at most (default: 10000)",
      NEAREST_NEIGHBOR_KINDS.samples,
    ],
    ["--limit <images>", "most images to test with (default: 1000)", NEAREST_NEIGHBOR_KINDS.limit],
  ],
  help: `
Each test image takes the class of the nearest sample, and then of the nearest of as many real images, by the
distance of pixels. The picture shows the first test images, each above its nearest sample and real image.

Examples:
  handwritten digits, from a run that was trained with --conditional
    $ ${invocation()} experiment nearest-neighbor runs/mnist-1
  as many test images and samples as in the paper
    $ ${invocation()} experiment nearest-neighbor runs/mnist-1 --samples 50000 --limit 10000
  a run for each of two classes, as in the paper
    $ ${invocation()} experiment nearest-neighbor runs/cats runs/dogs --data ./photos`,
  async run(device, runs, options) {
    const { nearestNeighborExperiment } = await import(
      "../../dcgan/experiments/neighbors/nearest_neighbor_experiment.ts"
    );
    return nearestNeighborFindings(
      await nearestNeighborExperiment(device, runs, options as NearestNeighborOptions),
    );
  },
};

/** The result beside the paper's. */
export function nearestNeighborFindings(result: NearestNeighborResult): ExperimentFindings {
  const { imageError, sampleErrors: [few, many], tested } = PAPER_NEAREST_NEIGHBOR;
  // Of a share of so many images
  const errorOf = (share: number) => percent(share, Math.sqrt(share * (1 - share) / result.tested));
  return {
    title: `${result.runs.join(", ")}: a nearest neighbor classifier on ${result.data}`,
    rows: [
      ["error", "here", "paper, MNIST"],
      ["nearest of real images", errorOf(result.imageError), percent(imageError)],
      [
        "nearest of samples",
        errorOf(result.sampleError),
        `${percent(few[1])} of 50 K, ${percent(many[1])} of 10 M`,
      ],
      ["real images", `${result.images}`, "50000"],
      ["samples", `${result.samples}`, "50000 and 10000000"],
      ["test images", `${result.tested}`, `${tested}`],
      ["generators", result.isOneForEach ? "one for each class" : "one with classes", "one for each class"],
    ],
    notes: [
      `Label ${result.label}. After ± is the standard error of a share of so many test images.` +
      (result.hasTestPart ? "" : " They were held out of the dataset, which has no part to test with."),
      "An error below that of real images says that samples show more of each class than as many real images do.",
      `The products took ${costText({ flop: result.flop })}. At the paper's largest size they take ` +
      `${costText(paperNearestNeighborCost())}, and drawing the samples comes on top.`,
    ],
    warnings: result.warnings,
    picture: result.picture,
    mark: result.mark,
    document: { type: "nearest-neighbor", value: result },
  };
}
