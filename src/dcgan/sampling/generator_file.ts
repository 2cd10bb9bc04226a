import { host } from "../../host/host.ts";
import { basename, resolve } from "../../host/paths.ts";
import { type ImageSize, parseSize } from "../../pictures/mod.ts";

import { readWeights, type TensorData } from "../../nn/mod.ts";
import { classNamesOf } from "../checkpoints/class_names.ts";
import {
  findGenerator,
  type FoundGenerator,
  type GeneratorChoice,
  type GeneratorOrigin,
} from "../checkpoints/find_generator.ts";
import { latentDistributionOf } from "../checkpoints/latent_distribution.ts";
import { expectIntact } from "../checkpoints/seal.ts";
import { fetchModel, type HubOptions, isOnHub } from "../weights/hub_model.ts";
import type { LatentDistribution } from "../networks/latent.ts";

/** The weights of a generator, as a file has them. */
export interface GeneratorFile {
  /** The file. */
  readonly path: string;
  /** Where it comes from, in words. */
  readonly origin: GeneratorOrigin;
  /** What is in it. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Distribution of the latent vectors, if it is known. */
  readonly latentDistribution: LatentDistribution | undefined;
  /** Names of its classes, if they are known. */
  readonly classes: readonly string[] | undefined;
  /** Width and height of its pictures, if the file says so. */
  readonly size: ImageSize | undefined;
  /** The tensors of the discriminator and what its file says, if it is that of a checkpoint. */
  readonly discriminator?: FoundGenerator["discriminator"];
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the generator that a path names: that of a run folder, of the folder of one checkpoint, or a file; or
 * one on the hub.
 *
 * @param choice Which generator of a run.
 * @throws {Error} if nothing is there, or a folder that is neither, or the file is damaged.
 */
export async function readGeneratorFile(
  source: string,
  choice: GeneratorChoice & HubOptions = {},
): Promise<GeneratorFile> {
  const fetched = isOnHub(source) ? await fetchModel(source, choice) : undefined;
  if (!fetched && await isFolder(source)) return await findGenerator(source, choice);
  const { from, emaLength } = choice;
  if (from !== undefined) {
    throw new RangeError(
      `Cannot take checkpoint ${from} of ${source}: it is a file, and only runs have several checkpoints`,
    );
  }
  if (emaLength !== undefined) {
    throw new RangeError(
      `Cannot build an average of length ${emaLength} of ${source}: it is a file, and only runs keep averages`,
    );
  }
  const path = fetched?.path ?? source;
  const file = await readWeights(path);
  expectIntact(file, path);
  const { tensors, metadata } = file;
  return {
    path,
    origin: { name: fetched ? source : basename(resolve(source)), step: undefined, weights: "raw" },
    tensors,
    latentDistribution: latentDistributionOf(file, source),
    classes: classNamesOf(file, source),
    size: parseSize(metadata.size),
    warnings: [],
  };
}

async function isFolder(source: string): Promise<boolean> {
  try {
    return (await host().stat(source)).isDirectory;
  } catch (cause) {
    if (host().problemOf(cause) !== "NotFound") throw cause;
    throw new Error(
      `Cannot sample from ${source}: it must be a run folder, or a generator's file of safetensors or of torch.save, found nothing there`,
      { cause },
    );
  }
}
