import { basename, resolve } from "../../host/paths.ts";
import { type ImageSize, parseSize } from "../../pictures/mod.ts";
import type { Safetensors } from "../../nn/mod.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { AVERAGE_FILE } from "../averages/kept_averages.ts";
import { postHocGenerator } from "../averages/post_hoc_generator.ts";
import { ConfigError } from "../options/config_issue.ts";
import { CHECKPOINT_FILES } from "./checkpoint_files.ts";
import { classNamesOf } from "./class_names.ts";
import { type CheckpointAt, checkpointAt, stepOf } from "./checkpoint_at.ts";
import type { CheckpointChoice } from "./choose_checkpoint.ts";

/** Where a generator comes from, in words that name no folder of the user's. */
export interface GeneratorOrigin {
  /** Name of the run's folder; of a file, its name. */
  readonly name: string;
  /** Step of the checkpoint; undefined of a file. */
  readonly step: number | undefined;
  /** Its weights: as they are, their moving average, or the relative length of an average that is built. */
  readonly weights: "raw" | "ema" | number;
}

/** A generator on disk. */
export interface FoundGenerator {
  /** Where it comes from. */
  readonly origin: GeneratorOrigin;
  /** Its file. */
  readonly path: string;
  /** What is in it. */
  readonly tensors: Safetensors["tensors"];
  /** What its run draws latent vectors from; undefined if that is not known. */
  readonly latentDistribution: LatentDistribution | undefined;
  /** Names of its classes; undefined if it has none, or they are not known. */
  readonly classes: readonly string[] | undefined;
  /** Width and height of its pictures, if its file says so. */
  readonly size: ImageSize | undefined;
  /** The discriminator of the same checkpoint. */
  readonly discriminator: Safetensors;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/** Which generator of a run. */
export interface GeneratorChoice {
  /** Which checkpoint. */
  readonly from?: CheckpointChoice | undefined;
  /** Whether it is the averaged one, if there is one; true if not given. */
  readonly ema?: boolean | undefined;
  /** The relative length of the average to build. */
  readonly emaLength?: number | undefined;
}

/**
 * The generator of a run folder, or of the folder of one checkpoint.
 *
 * @throws {Error} if there is none that can be used.
 * @throws {ConfigError} if there is nothing to build an average from, or it is asked for without averages.
 */
export async function findGenerator(folder: string, choice: GeneratorChoice): Promise<FoundGenerator> {
  const { ema, emaLength } = choice;
  if (ema === false && emaLength !== undefined) {
    const problem = "cannot be combined with no averages (ema false, or --no-ema): give only one of them";
    throw new ConfigError(`Cannot use ${folder}`, [{ option: "emaLength", problem }]);
  }
  const step = emaLength === undefined ? undefined : await stepOf(folder);
  if (step !== undefined) {
    const problem = `needs a run folder, with the averages to build from, found the checkpoint ${folder}. ` +
      `Name the run, with --from ${step}`;
    throw new ConfigError(`Cannot use ${folder}`, [{ option: "emaLength", problem }]);
  }
  return await found(await checkpointAt(folder, choice.from, "sample"), choice);
}

async function found(
  { checkpoint, run, warnings }: CheckpointAt,
  { ema = true, emaLength }: GeneratorChoice,
): Promise<FoundGenerator> {
  const { place, generator, discriminator, averages } = checkpoint;
  const name = basename(resolve(run?.path ?? place.path));
  const origin = { name, step: place.step };
  const known = {
    discriminator,
    latentDistribution: run?.config.latentDistribution,
    classes: classNamesOf(generator, `${place.path}/${CHECKPOINT_FILES.generator}`),
    size: parseSize(generator.metadata.size),
  };
  if (emaLength !== undefined) {
    const built = await postHocGenerator(run!.path, run!.config, checkpoint, emaLength);
    const path = `${place.path} (average of length ${emaLength})`;
    return {
      ...known,
      path,
      origin: { ...origin, weights: emaLength },
      tensors: built.tensors,
      warnings: [...warnings, ...built.warnings],
    };
  }
  const average = ema ? averages.get(AVERAGE_FILE) : undefined;
  const path = `${place.path}/${average ? AVERAGE_FILE : CHECKPOINT_FILES.generator}`;
  const weights = average ? "ema" as const : "raw" as const;
  return {
    ...known,
    path,
    origin: { ...origin, weights },
    tensors: (average ?? generator).tensors,
    warnings,
  };
}
