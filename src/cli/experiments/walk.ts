import { WALK_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import type { WalkOptions, WalkResult } from "../../dcgan/experiments/walk/walk_experiment.ts";
import { invocation } from "../arguments/invocation.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";
import { percent } from "./texts.ts";

/** `experiment walk`. */
export const walkCommand: ExperimentCommand = {
  name: "walk",
  description: "draw what lies between random points of the latent space (figure 4)",
  argument: ["<run>", "run folder, or a generator's PyTorch state dict (safetensors)"],
  data: "none",
  draws: true,
  writes: true,
  flags: [
    ["--points <count>", "random points to walk through (default: 9)", WALK_KINDS.points],
    [
      "--columns <count>",
      "images from one point to the next, both included (default: 9)",
      WALK_KINDS.columns,
    ],
  ],
  help: `
A row of the picture goes from one point to the next. A generator that has memorized its images jumps from one to
another; one that has learned changes them step by step.

Examples:
  $ ${invocation()} experiment walk runs/faces-1
  $ ${invocation()} experiment walk runs/faces-1 --points 5 --columns 15 --seed 3 --out walk.png`,
  async run(device, [run], options) {
    const { walkExperiment } = await import("../../dcgan/experiments/walk/walk_experiment.ts");
    return walkFindings(await walkExperiment(device, run!, options as WalkOptions));
  },
};

/** The result beside the paper's. */
export function walkFindings(result: WalkResult): ExperimentFindings {
  const { points, steps, largestStep } = result;
  return {
    title: `${result.run}: a walk through ${points} points of the latent space`,
    rows: [
      ["", "here", "paper, LSUN bedrooms"],
      ["points", `${points}`, "9"],
      ["steps from one to the next", `${steps}`, "not stated"],
      ["largest step", `${percent(largestStep)} of the way`, "a picture only"],
    ],
    notes: [
      `Steps of equal size take ${percent(1 / steps)} of the way each, and a single jump takes all of it.`,
    ],
    warnings: result.warnings,
    picture: result.picture,
    mark: result.mark,
    document: { type: "walk", value: result },
  };
}
