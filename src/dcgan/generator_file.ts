import { readSafetensors, type TensorData } from "../nn/mod.ts";
import { CHECKPOINT_FILES } from "./checkpoint.ts";
import type { LatentDistribution } from "./latent.ts";
import { RunFolder } from "./run_folder.ts";

/** The weights of a generator, as a file has them. */
export interface GeneratorFile {
  /** The file. */
  readonly path: string;
  /** What is in it. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What latent vectors are drawn from, where that is known. */
  readonly latentDistribution?: LatentDistribution;
}

/**
 * Reads the generator that a path names: that of a run folder's latest checkpoint, or a file.
 *
 * @throws {Error} if nothing is there, or a folder that is no run.
 */
export async function readGeneratorFile(source: string): Promise<GeneratorFile> {
  if (await isFolder(source)) return await readRun(source);
  return { path: source, ...await readSafetensors(source) };
}

async function readRun(source: string): Promise<GeneratorFile> {
  const folder = RunFolder.at(source);
  const { latentDistribution } = await folder.readConfig();
  const checkpoint = await folder.latestCheckpoint();
  const path = `${checkpoint.path}/${CHECKPOINT_FILES.generator}`;
  return { path, ...await readSafetensors(path), latentDistribution };
}

async function isFolder(source: string): Promise<boolean> {
  try {
    return (await Deno.stat(source)).isDirectory;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      `Cannot sample from ${source}: nothing is there. Name a run folder, or a safetensors file of a generator`,
      { cause },
    );
  }
}
