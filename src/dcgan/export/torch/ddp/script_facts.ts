import type { TrainConfig } from "../../../options/config.ts";
import { changes, isOff } from "../../../schedules/scheduled_values.ts";
import type { ExportedRun } from "../../networks.ts";

/** What a training script is written from. */
export interface ScriptFacts {
  /** The run's config. */
  readonly config: TrainConfig;
  /** Its networks. */
  readonly run: ExportedRun;
  /** Whether both networks are told classes. */
  readonly isConditional: boolean;
  /** Whether a network has batch norms. */
  readonly hasBatchNorm: boolean;
  /** Whether the discriminator sees images otherwise than they are. */
  readonly isSeenOtherwise: boolean;
  /** Whether something is drawn for each image that the discriminator sees: augmentations or noise. */
  readonly hasImageDraws: boolean;
  /** Whether R1 or R2 is on. */
  readonly hasSquares: boolean;
  /** Whether WGAN-GP is on. */
  readonly hasMixes: boolean;
  /** Whether the generator's loss compares fake images with real ones. */
  readonly isPaired: boolean;
  /** Whether ADA sets the probability of augmentations. */
  readonly isAdaptive: boolean;
  /** Whether samples are drawn from averaged weights. */
  readonly hasAverage: boolean;
}

/** What follows from a config and its networks. */
export function scriptFacts(config: TrainConfig, run: ExportedRun): ScriptFacts {
  const layers = [...run.generator.layers, ...run.discriminator?.layers ?? []];
  return {
    config,
    run,
    isConditional: run.classes !== undefined,
    hasBatchNorm: layers.some(({ kind }) => kind === "batchNorm"),
    isSeenOtherwise: config.augment.length > 0 || !isOff(config.instanceNoise) || config.pack > 1,
    hasImageDraws: config.augment.length > 0 || !isOff(config.instanceNoise),
    hasSquares: !isOff(config.r1) || !isOff(config.r2),
    hasMixes: !isOff(config.gradientPenalty),
    isPaired: config.loss === "rpgan",
    isAdaptive: config.augmentTarget > 0,
    hasAverage: !isOff(config.ema),
  };
}

/** A number of a config in Python: itself, or the tuple that `value_at()` takes. */
export function pythonValue(value: unknown): string {
  if (!changes(value)) return `${value}`;
  const { from, to, steps, shape = "cosine" } = value;
  return `(${from}, ${to}, ${steps ?? "None"}, "${shape}")`;
}

/** Lines of Python, each deeper by some levels; none for what is absent. */
export function lines(level: number, ...texts: readonly (string | false | undefined)[]): string {
  return texts.filter((text) => text !== false && text !== undefined)
    .flatMap((text) => (text as string).split("\n"))
    .map((line) => line === "" ? "\n" : `${"    ".repeat(level)}${line}\n`).join("");
}
