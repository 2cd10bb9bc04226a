import { basename, dirname, join, resolve } from "node:path";
import { type ImageSize, parseSize } from "../../pictures/mod.ts";
import type { Safetensors } from "../../nn/mod.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { AVERAGE_FILE, CHECKPOINT_FILES } from "./checkpoint_files.ts";
import { type CheckpointChoice, chooseCheckpoint } from "./choose_checkpoint.ts";
import { type ReadCheckpoint, readCheckpoint } from "./read_checkpoint.ts";

/** A generator on disk. */
export interface FoundGenerator {
  /** Its file. */
  readonly path: string;
  /** What is in it. */
  readonly tensors: Safetensors["tensors"];
  /** What its run draws latent vectors from; undefined if that is not known. */
  readonly latentDistribution: LatentDistribution | undefined;
  /** Width and height of its pictures, if its file says so. */
  readonly size: ImageSize | undefined;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The generator of a run folder, or of the folder of one checkpoint.
 *
 * @param from Which checkpoint of the run.
 * @param ema Whether it is the averaged one, if there is one.
 * @throws {Error} if there is none that can be used.
 */
export async function findGenerator(
  folder: string,
  from?: CheckpointChoice,
  ema = true,
): Promise<FoundGenerator> {
  const checkpoint = /^step-(\d{6,})$/.exec(basename(resolve(folder)));
  if (checkpoint && !await hasConfig(folder)) {
    return await findInCheckpoint(folder, Number(checkpoint[1]), ema);
  }
  const config = await RunFolder.at(folder).readConfig();
  const chosen = await chooseCheckpoint(folder, config, from);
  if (!chosen) {
    throw new Error(
      `Cannot sample from ${folder}: the run has no checkpoint yet. Let it run longer, or press Ctrl-C, which writes one`,
    );
  }
  return found(chosen, ema, config.latentDistribution, chosen.warnings);
}

/** In `RUN/checkpoints/step-NNNNNN`, or wherever such a folder was moved or copied. */
async function findInCheckpoint(path: string, step: number, ema: boolean): Promise<FoundGenerator> {
  for (const run of [dirname(dirname(resolve(path))), dirname(resolve(path))]) {
    if (!await hasConfig(run)) continue;
    const config = await RunFolder.at(run).readConfig();
    return found(await readCheckpoint({ path, step }, config), ema, config.latentDistribution, []);
  }
  return found(await readCheckpoint({ path, step }), ema, undefined, []);
}

async function hasConfig(folder: string): Promise<boolean> {
  return await Deno.stat(join(folder, "config.json")).then(() => true, () => false);
}

function found(
  { place, generator, average }: ReadCheckpoint,
  ema: boolean,
  latentDistribution: LatentDistribution | undefined,
  warnings: readonly string[],
): FoundGenerator {
  const isAveraged = ema && average !== undefined;
  const { tensors, metadata } = isAveraged ? average : generator;
  const file = isAveraged ? AVERAGE_FILE : CHECKPOINT_FILES.generator;
  return {
    path: `${place.path}/${file}`,
    tensors,
    latentDistribution,
    size: parseSize(metadata.size),
    warnings,
  };
}
