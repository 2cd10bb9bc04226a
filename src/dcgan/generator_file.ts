import { CHECKPOINT_FILES } from "./checkpoint.ts";
import type { LatentDistribution } from "./latent.ts";
import { RunFolder } from "./run_folder.ts";

/** Where the weights of a generator are. */
export interface GeneratorFile {
  /** The file. */
  readonly path: string;
  /** What its latent vectors are drawn from, where that is known. */
  readonly latentDistribution?: LatentDistribution;
}

/**
 * The file that holds the generator which a path names: that of a run folder's latest checkpoint, or the path itself.
 *
 * @throws {Error} if nothing is there, or a folder that is no run.
 */
export async function generatorFile(source: string): Promise<GeneratorFile> {
  if (!await isFolder(source)) return { path: source };
  return await ofRun(source);
}

async function ofRun(path: string): Promise<GeneratorFile> {
  const folder = RunFolder.at(path);
  const { latentDistribution } = await folder.readConfig();
  const checkpoint = await folder.latestCheckpoint();
  return { path: `${checkpoint.path}/${CHECKPOINT_FILES.generator}`, latentDistribution };
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
