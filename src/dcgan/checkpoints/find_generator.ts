import { host } from "../../host/host.ts";
import { basename, dirname, join, resolve } from "../../host/paths.ts";
import { type ImageSize, parseSize } from "../../pictures/mod.ts";
import type { Safetensors } from "../../nn/mod.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { AVERAGE_FILE } from "../averages/kept_averages.ts";
import { postHocGenerator } from "../averages/post_hoc_generator.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { CHECKPOINT_FILES } from "./checkpoint_files.ts";
import { classNamesOf } from "./class_names.ts";
import { type CheckpointChoice, chooseCheckpoint } from "./choose_checkpoint.ts";
import { type ReadCheckpoint, readCheckpoint } from "./read_checkpoint.ts";

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
  const checkpoint = /^step-(\d{6,})$/.exec(basename(resolve(folder)));
  if (checkpoint && !await hasConfig(folder)) {
    return await findInCheckpoint(folder, Number(checkpoint[1]), choice);
  }
  const config = await RunFolder.at(folder).readConfig();
  const chosen = await chooseCheckpoint(folder, config, choice.from);
  if (!chosen) {
    throw new Error(
      `Cannot sample from ${folder}: the run has no checkpoint yet. Let it run longer, or press Ctrl-C, which writes one`,
    );
  }
  return await found(chosen, choice, { path: folder, config }, chosen.warnings);
}

/** In `RUN/checkpoints/step-NNNNNN`, or wherever such a folder was moved or copied. */
async function findInCheckpoint(
  path: string,
  step: number,
  choice: GeneratorChoice,
): Promise<FoundGenerator> {
  if (choice.emaLength !== undefined) {
    const problem = `needs a run folder, with the averages to build from, found the checkpoint ${path}. ` +
      `Name the run, with --from ${step}`;
    throw new ConfigError(`Cannot use ${path}`, [{ option: "emaLength", problem }]);
  }
  for (const run of [dirname(dirname(resolve(path))), dirname(resolve(path))]) {
    if (!await hasConfig(run)) continue;
    const config = await RunFolder.at(run).readConfig();
    return await found(await readCheckpoint({ path, step }, config), choice, { path: run, config }, []);
  }
  return await found(await readCheckpoint({ path, step }), choice, undefined, []);
}

async function hasConfig(folder: string): Promise<boolean> {
  return await host().stat(join(folder, "config.json")).then(() => true, () => false);
}

async function found(
  checkpoint: ReadCheckpoint,
  { ema = true, emaLength }: GeneratorChoice,
  run: { readonly path: string; readonly config: TrainConfig } | undefined,
  warnings: readonly string[],
): Promise<FoundGenerator> {
  const { place, generator, averages } = checkpoint;
  const name = basename(resolve(run?.path ?? place.path));
  const origin = { name, step: place.step };
  const known = {
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
