import { type Device, expectKnownOptions, type Peers } from "../../gpu/mod.ts";
import type { Module } from "../../nn/mod.ts";
import type { CustomLoss } from "./custom_loss.ts";
import { expectFits } from "../networks/adapter_limits.ts";
import { createDiscriminator } from "../networks/discriminator.ts";
import { createGenerator } from "../networks/generator.ts";
import { ConfigError } from "../options/config_issue.ts";
import { discriminatorIssues } from "../options/regularization_options.ts";
import { ownShards } from "../ranks/own_shards.ts";
import type { TrainingRanks } from "../ranks/rank_messages.ts";
import type { Trainer } from "../trainer.ts";
import type { TrainerConfig } from "../trainer_config.ts";
import type { TrainingStepOptions } from "../training_step.ts";

/** What a script wants to happen as a run goes on. */
export interface TrainHooks {
  /**
   * Called once networks and optimizers are ready, and restored if the run is resumed. The trainer lasts as long as the run:
   * a page may draw from it between events.
   */
  begin?(trainer: Trainer): void;
  /**
   * Most steps that may run before their numbers are waited for; asked before each such group of steps. A program that has
   * its user do single steps gives 1, and takes no further event until the next one.
   *
   * @default {() => Infinity}
   */
  stepsAhead?(): number;
  /**
   * Whether to write a checkpoint now, besides those of `checkpointEvery`; asked between groups of steps, such as once a
   * second. If the latest step has one, none is written. A run has the same numbers with and without.
   *
   * @default {() => false}
   */
  checkpointDue?(): boolean;
  /**
   * Called before each step is started, with the number of steps started before it. It may change what the step reads from
   * the GPU, such as a learning rate: `trainer.optimizers.generator.setLearningRate()`. Rates are part of checkpoints. With
   * a schedule or a warm-up, the config sets them before each call.
   */
  beforeStep?(step: number, trainer: Trainer): void;
  /**
   * The ranks that share the batches of this run, as rank 0; the others call `followTraining()`. A fresh run that does not
   * say `shards` has 8 of them, or as many as there are ranks. Not with `beforeStep`, which the other ranks do not know of.
   */
  ranks?: TrainingRanks;
}

/** Parts of a trainer that a script makes itself, in place of those that its config describes. */
export interface TrainerParts extends Pick<TrainHooks, "beforeStep"> {
  /**
   * New layers of a generator: from latent vectors `[batch, latent]` to images `[batch, height, width, channels]` from -1
   * to 1, with the config's `latent`, size and channels. Called once for each network that has them, such as an average.
   */
  generator?(): Module | readonly Module[];
  /**
   * New layers of a discriminator: from images to logits in f32, as many of them for each image. For gradient
   * penalties they must suit `penalizedBackward()`, which names the layer that does not; the config's `dNorm`
   * says nothing of them.
   */
  discriminator?(): Module | readonly Module[];
  /**
   * The loss of both networks, in place of the config's. It has no labels to smooth or to flip, and `augmentTarget` does not
   * know what its logits mean: the config must leave `labelSmoothing`, `labelFlip` and `augmentTarget` off.
   */
  loss?: CustomLoss;
  /**
   * The ranks that share the batches of this trainer, as one of them: the config's `shards` says in how many parts. Each
   * rank makes a trainer of the same config, and all of them take each step together, by `next()`.
   */
  ranks?: Peers;
}

/**
 * Throws if a config asks for what the loss of a script does not have.
 *
 * @throws {ConfigError} naming each such option.
 */
export function expectLossFits(config: TrainerConfig, { loss }: TrainerParts): void {
  if (!loss) return;
  const why = {
    labelSmoothing: "it has no labels to smooth",
    labelFlip: "it has no labels to flip",
    augmentTarget: "what its logits mean is not known",
  } as const;
  const issues = Object.entries(why).flatMap(([option, reason]) => {
    const found = config[option as keyof typeof why];
    return found === 0
      ? []
      : [{ option, problem: `must be 0 with a custom loss, found ${found}: ${reason}` }];
  });
  if (issues.length > 0) throw new ConfigError("Cannot train with these options", issues);
}

/**
 * What makes the layers of both networks.
 *
 * @throws {TypeError} if there is no such part.
 * @throws {ConfigError} if the discriminator of the config cannot have the penalties that it asks for, or
 * both networks are those of the config, and a tensor of the run does not fit the adapter.
 */
export function networkMakers(
  device: Device,
  config: TrainerConfig,
  parts: TrainerParts,
): Required<Pick<TrainerParts, "generator" | "discriminator">> {
  expectKnownOptions<TrainerParts>("Trainer", parts, {
    generator: true,
    discriminator: true,
    loss: true,
    beforeStep: true,
    ranks: true,
  });
  const { generator, discriminator } = parts;
  const issues = discriminator ? [] : discriminatorIssues(config);
  if (issues.length > 0) throw new ConfigError("Cannot train with these options", issues);
  // Of other networks, the config does not know the sizes
  if (!generator && !discriminator) expectFits(device, config);
  return {
    generator: generator ?? (() => createGenerator(config)),
    discriminator: discriminator ?? (() => createDiscriminator(config)),
  };
}

/** What all steps compute alike: the loss, and how they take a batch. */
export function stepOptions(
  config: TrainerConfig,
  { loss: given, ranks }: TrainerParts,
): TrainingStepOptions {
  const { loss, labelSmoothing, clip, pack, dSteps, gSteps, accumulate } = config;
  const smoothed = labelSmoothing > 0 ? { realLabel: 1 - labelSmoothing } : {};
  const shards = ownShards(config, ranks);
  return {
    ...{ loss: given ?? loss, clip, pack, dSteps, gSteps, accumulate, ...smoothed },
    ...(shards ? { shards } : {}),
  };
}
