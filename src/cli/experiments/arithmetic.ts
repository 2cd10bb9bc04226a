import type {
  ArithmeticExperimentOptions,
  ArithmeticExperimentResult,
  SumScores,
} from "../../dcgan/experiments/arithmetic/arithmetic_experiment.ts";
import { ARITHMETIC_KINDS } from "../../dcgan/experiments/options/kinds.ts";
import { invocation } from "../arguments/invocation.ts";
import type { ExperimentCommand, ExperimentFindings } from "./shared_flags.ts";
import { percent } from "./texts.ts";

/** `experiment arithmetic`. */
export const arithmeticCommand: ExperimentCommand = {
  name: "arithmetic",
  description: "add and subtract latent vectors, and count how often the result is right (figure 7)",
  argument: ["<run>", "run folder"],
  data: "images",
  draws: true,
  writes: true,
  flags: [
    [
      "--a <conditions>",
      "what samples have in common (default: glasses=round,hair_style=short)",
      ARITHMETIC_KINDS.a,
    ],
    ["--b <conditions>", "of those to subtract (default: glasses=none,hair_style=short)", ARITHMETIC_KINDS.b],
    ["--c <conditions>", "of those to add (default: glasses=none,hair_style=long)", ARITHMETIC_KINDS.c],
    [
      "--exemplars <count>",
      "samples of each group whose mean counts (default: 3)",
      ARITHMETIC_KINDS.exemplars,
    ],
    [
      "--trials <count>",
      "sums that are counted, of other samples each (default: 64)",
      ARITHMETIC_KINDS.trials,
    ],
  ],
  help: `
The paper subtracts "man" from "man with glasses", adds "woman", and shows a woman with glasses. Here labels of the
dataset say what samples have in common: one small network finds them, and another one, which learned from other
images, reads the results. Sums of pixels, and of single samples, are counted beside them. Of a label that is a
number, ask for high or low: smile=high.
To add samples that you choose yourself, without labels, see ${invocation()} arithmetic --help.

Examples:
  $ ${invocation()} experiment arithmetic runs/faces-1
  $ ${invocation()} experiment arithmetic runs/faces-1 --a smile=high --b smile=low --c turn=high --trials 256`,
  async run(device, [run], options) {
    const { arithmeticExperiment } = await import(
      "../../dcgan/experiments/arithmetic/arithmetic_experiment.ts"
    );
    return arithmeticFindings(
      await arithmeticExperiment(device, run!, options as ArithmeticExperimentOptions),
    );
  },
};

/** The result beside the paper's. */
export function arithmeticFindings(result: ArithmeticExperimentResult): ExperimentFindings {
  const { run, groups, added, kept, exemplars, trials, agreed, accuracy } = result;
  const counted = (share: number) => percent(share, Math.sqrt(share * (1 - share) / trials));
  const columns: readonly SumScores[] = [
    result.before,
    result.latents,
    result.single,
    result.pixels,
    result.singlePixels,
  ];
  const row = (name: string, text: (scores: SumScores) => string, paper: string) =>
    [name, ...columns.map(text), paper] as const;
  const samples = exemplars === 1 ? "1 sample" : `means of ${exemplars}`;
  return {
    title: `${run}: ${groups[0]} - ${groups[1]} + ${groups[2]}`,
    rows: [
      [
        "",
        "third alone",
        samples,
        "1 sample each",
        `pixels, ${samples}`,
        "pixels, 1 each",
        "paper, faces of people",
      ],
      row(added, ({ added }) => counted(added), "9 of 9 in a picture"),
      ...kept === "" ? [] : [
        row(kept, ({ kept }) => counted(kept!), "9 of 9 in a picture"),
        row("both", ({ both }) => counted(both), "9 of 9 in a picture"),
      ],
      row("distance to the nearest image", ({ nearest }) => nearest.toFixed(2), "of pixels: noisy overlap"),
    ],
    notes: [
      `Each column counts ${trials} sums, of samples drawn from the 64 of 4096 that one network is surest of; the one ` +
      `that counts agrees on ${agreed.map((share) => percent(share)).join(", ")} of these, and is right in ` +
      `${percent(accuracy)} of the dataset's images.`,
      "The paper shows one sum and eight neighbors of it, with means of three; single samples were unstable there.",
      "The distance is a share of that between images of the data: blurred or overlaid images are far from all of them.",
    ],
    warnings: result.warnings,
    picture: result.picture,
    mark: result.mark,
    document: { type: "arithmetic", value: result },
  };
}
