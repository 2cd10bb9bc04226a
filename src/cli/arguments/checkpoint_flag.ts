import { InvalidArgumentError, type Option } from "@commander-js/extra-typings";
import { checkpointChoice } from "../../dcgan/options/option.ts";
import type { CheckpointChoice } from "../../dcgan/checkpoints/choose_checkpoint.ts";
import { optionOf } from "./option_of.ts";

/** Words that others use for the weights of a checkpoint, and the flag that says it here. */
const WEIGHTS: Readonly<Record<string, string>> = {
  raw: "Weights without their average are another flag: --no-ema.",
  ema: "The moving average is what is drawn from anyway, if the run has one.",
};

/**
 * The flag for the checkpoint of a run.
 *
 * @param hasAverage Whether the command can take averaged weights, for what it says of words for them.
 */
export function checkpointFlag(
  purpose: "draw from" | "score" | "use",
  hasAverage = true,
): Option<"--from <checkpoint>", undefined, undefined, CheckpointChoice> {
  const kind = checkpointChoice();
  const summary = `which checkpoint to ${purpose}: best, last, or a step (default: last)`;
  const flag = optionOf("--from <checkpoint>", summary, kind);
  const parse = flag.parseArg!;
  return flag.argParser((text: string, previous): CheckpointChoice => {
    const weights = hasAverage ? WEIGHTS[text] : undefined;
    if (weights) throw new InvalidArgumentError(`It must be ${kind.allowed}. ${weights}`);
    return parse(text, previous);
  });
}
