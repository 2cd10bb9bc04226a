import type {
  GuidedBackpropOptions,
  GuidedBackpropResult,
} from "../../dcgan/experiments/guided/guided_backprop_experiment.ts";
import { GUIDED_BACKPROP_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import { invocation } from "../arguments/invocation.ts";
import { figure } from "../terminal/text.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";

/** `experiment guided-backprop`. */
export const guidedBackpropCommand: ExperimentCommand = {
  name: "guided-backprop",
  description: "show what the features of a discriminator answer to (figure 5)",
  argument: ["<run>", "run folder"],
  data: "images",
  draws: false,
  writes: true,
  flags: [
    [
      "--features <count>",
      "features to show, from the first on (default: 6)",
      GUIDED_BACKPROP_KINDS.features,
    ],
    [
      "--pictures <count>",
      "images to show for each: those that it answers most strongly (default: 4)",
      GUIDED_BACKPROP_KINDS.pictures,
    ],
    ["--limit <images>", "most images to look through (default: 2000)", GUIDED_BACKPROP_KINDS.limit],
  ],
  help: `
A row of the picture is a feature of the last convolution: the images that it answers most strongly, each with
what raises the answer beside it. Left of the gap are trained filters, right of it random ones of the same
network. Gradients go back through an activation only where it was above 0 and they are above 0 themselves.

Examples:
  $ ${invocation()} experiment guided-backprop runs/faces-1
  $ ${invocation()} experiment guided-backprop runs/photos --features 8 --limit 10000 --out features.png`,
  async run(device, [run], options) {
    const { guidedBackpropExperiment } = await import(
      "../../dcgan/experiments/guided/guided_backprop_experiment.ts"
    );
    return guidedBackpropFindings(
      await guidedBackpropExperiment(device, run!, options as GuidedBackpropOptions),
    );
  },
};

/** The result beside the paper's. */
export function guidedBackpropFindings(result: GuidedBackpropResult): ExperimentFindings {
  const list = (values: readonly number[]) => values.map(figure).join("  ");
  return {
    title:
      `${result.run}, step ${result.step}: what features of the discriminator's last convolution answer to`,
    rows: [
      ["", "here", "paper, LSUN bedrooms"],
      ["features shown", `${result.trained.length} of ${result.maps}`, "6"],
      ["images looked through", `${result.images}`, "3 M"],
      ["strongest answer over mean, trained", list(result.trained), "a picture only"],
      ["the same, random filters", list(result.random), "a picture only"],
    ],
    notes: [
      "In the paper, trained features answer to parts of bedrooms such as beds and windows, and random ones to nothing.",
      "A feature that answers to a part of few images stands out from its mean.",
    ],
    warnings: result.warnings,
    picture: result.picture,
    document: { type: "guided-backprop", value: result },
  };
}
