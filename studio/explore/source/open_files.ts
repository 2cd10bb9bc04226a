import { host } from "../../../src/host/host.ts";
import type { LatentDistribution } from "../../../src/dcgan/networks/latent.ts";
import type { Engine } from "../../engine/engine.ts";
import type { GivenFile } from "../../page/given_files.ts";
import { findRun, unpackRun } from "../../train/worker/run_files.ts";
import { Source } from "./source.ts";

/** Where files are given to the library. */
const FOLDER = "/opened";

/** Where runs are unpacked, apart from those of the Train view, which are kept. */
const UNPACKED = "/unpacked";

/**
 * Opens what was dropped or chosen to be looked at: a run, as a folder or a zip, or a generator's safetensors
 * file.
 *
 * @throws {Error} if it is neither.
 */
export async function openFiles(
  engine: Engine,
  files: readonly GivenFile[],
  latentDistribution?: LatentDistribution,
): Promise<void> {
  const source = Source.of(engine);
  const run = await findRun(files);
  if (run) {
    const folder = await unpackRun(run, UNPACKED);
    try {
      return await source.open(folder, run.name);
    } finally {
      // The networks are on the GPU now
      await host().remove(folder, { recursive: true });
    }
  }
  const generator = files.find(({ path }) => /\.safetensors$/i.test(path));
  if (!generator) {
    const found = files.length === 1 ? files[0]!.path : `${files.length} files`;
    throw new Error(
      `Cannot open ${found}: it must be a run, as its folder or a zip of it, or a generator's safetensors file`,
    );
  }
  const name = generator.path.split("/").at(-1)!;
  engine.given.add(`${FOLDER}/${name}`, generator.file);
  await source.open(`${FOLDER}/${name}`, name, latentDistribution);
}
