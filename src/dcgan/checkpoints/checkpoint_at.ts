import { host } from "../../host/host.ts";
import { basename, dirname, join, resolve } from "../../host/paths.ts";
import type { TrainConfig } from "../options/config.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import { type CheckpointChoice, chooseCheckpoint } from "./choose_checkpoint.ts";
import { type ReadCheckpoint, readCheckpoint } from "./read_checkpoint.ts";

/** A checkpoint that a folder stands for. */
export interface CheckpointAt {
  /** The checkpoint. */
  readonly checkpoint: ReadCheckpoint;
  /** Its run, if that is there. */
  readonly run: { readonly path: string; readonly config: TrainConfig } | undefined;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The checkpoint that the folder of a run stands for, or of one checkpoint: `RUN/checkpoints/step-NNNNNN`, or
 * wherever such a folder was moved or copied.
 *
 * @param from Which one of a run.
 * @param action What is done with it, to follow "Cannot" in a message.
 * @throws {Error} if there is none that can be used.
 */
export async function checkpointAt(
  folder: string,
  from: CheckpointChoice | undefined,
  action: string,
): Promise<CheckpointAt> {
  const step = await stepOf(folder);
  if (step !== undefined) {
    const place = { path: folder, step };
    for (const path of [dirname(dirname(resolve(folder))), dirname(resolve(folder))]) {
      if (!await hasConfig(path)) continue;
      const config = await RunFolder.at(path).readConfig();
      return { checkpoint: await readCheckpoint(place, config), run: { path, config }, warnings: [] };
    }
    return { checkpoint: await readCheckpoint(place), run: undefined, warnings: [] };
  }
  const config = await RunFolder.at(folder).readConfig();
  const chosen = await chooseCheckpoint(folder, config, from);
  if (chosen) return { checkpoint: chosen, run: { path: folder, config }, warnings: chosen.warnings };
  throw new Error(
    `Cannot ${action} from ${folder}: the run has no checkpoint yet. Let it run longer, or press Ctrl-C, which writes one`,
  );
}

/** The step of a folder of one checkpoint; undefined if it is a run. */
export async function stepOf(folder: string): Promise<number | undefined> {
  const [, step] = /^step-(\d{6,})$/.exec(basename(resolve(folder))) ?? [];
  return step !== undefined && !await hasConfig(folder) ? Number(step) : undefined;
}

async function hasConfig(folder: string): Promise<boolean> {
  return await host().stat(join(folder, "config.json")).then(() => true, () => false);
}
