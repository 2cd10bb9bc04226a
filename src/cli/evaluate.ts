import { type Command, Option } from "@commander-js/extra-typings";
import { integer } from "../dcgan/options/option.ts";
import type { Evaluation } from "../dcgan/evaluate.ts";
import { SCORE_NAMES, SCORES } from "../dcgan/scores/score.ts";
import { invocation } from "./arguments/invocation.ts";
import { checkpointFlag } from "./arguments/checkpoint_flag.ts";
import { given } from "./arguments/given.ts";
import { averageFlag, optionOf } from "./arguments/option_of.ts";
import { loadLibrary } from "./load_library.ts";
import type { Session } from "./session.ts";
import { scoreText } from "./terminal/score_text.ts";
import { counted, table } from "./terminal/text.ts";
import { watching } from "./terminal/watching.ts";

/** Adds `evaluate` to the program. */
export function addEvaluateCommand(program: Command, session: Session): void {
  program.command("evaluate")
    .description("score the images of a trained generator against its dataset, and say how good they are")
    .argument("<run>", "run folder")
    .addOption(checkpointFlag("score"))
    .addOption(averageFlag("score"))
    .addOption(
      optionOf(
        "--count <images>",
        "number of samples, and most images of the data to compare with",
        integer(20, 65536),
      ).default(
        10_000,
      ),
    )
    .addOption(optionOf("--seed <number>", "seed of the latent vectors", integer(0, 2 ** 32 - 1)).default(1))
    .addOption(new Option("--data <name or path>", "the run's dataset, if it is a plugin or has moved"))
    .addOption(new Option("--data-root <path>", "folder or file of the dataset's data, if it has moved"))
    .option("--no-features", "skip the scores that need a classifier of the dataset's classes")
    .addHelpText(
      "after",
      `
Scores, each with its standard error:
${table(SCORE_NAMES.map((name) => [SCORES[name].title, `good: ${SCORES[name].best}`, SCORES[name].meaning]))}
Features come from a small classifier, trained on the dataset's own classes and kept for later runs. Since they
are not those of Inception, compare scores only for the same dataset, size and count.

Examples:
  $ ${invocation()} evaluate runs/mnist-1
  $ ${invocation()} evaluate runs/mnist-1 --from best --json > scores.json`,
    )
    .action(async (run, { features, ...options }) => {
      const { openDevice, evaluate } = await loadLibrary();
      await watching(session, async (watch) => {
        using device = await openDevice();
        const evaluation = await evaluate(device, run, {
          ...given(options),
          ...(features ? {} : { features: false }),
          ...watch,
        });
        for (const warning of evaluation.warnings) watch.report(`warning: ${warning}`);
        session.output.result("evaluation", evaluation, evaluationText(evaluation));
      }, { onError: true });
    });
}

/** The result as a page of text. */
export function evaluationText(
  { run, step, samples, pictures, features, scores, verdict }: Evaluation,
): string {
  const rows = SCORE_NAMES.flatMap((name) => {
    const found = scores[name];
    return found ? [[SCORES[name].title, scoreText(found), SCORES[name].meaning]] : [];
  });
  const labels =
    features?.labels.map(({ name, accuracy }) =>
      accuracy === undefined ? name : `${name} (${(100 * accuracy).toFixed(1)}% accuracy)`
    ) ?? [];
  return [
    `${run}, step ${step}: ${counted(samples, "sample")} against ${counted(pictures, "image")} of the data\n`,
    ...features
      ? [`features: ${features.name}, ${features.dimensions} numbers; it predicts ${labels.join(", ")}\n`]
      : [],
    "\n",
    table(rows),
    "\n",
    `In short: ${verdict.sentence}.\n`,
    `What next: ${verdict.next}.\n`,
  ].join("");
}
