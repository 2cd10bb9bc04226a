import type { TrainOptions } from "../options/options.ts";
import type { RunRead } from "../run/resume.ts";
import { readStartingWeights, type StartingWeights } from "./starting_weights.ts";

/**
 * The weights that the first step of a run starts from; undefined if they are its own. A run that stopped
 * before its first checkpoint starts over with what it started from.
 *
 * @param resumed The run, if one is resumed.
 * @throws {Error} if they are not there, or no longer those that the run started from.
 */
export async function openStartingWeights(
  { from, offline, signal }: TrainOptions,
  resumed: RunRead | undefined,
): Promise<StartingWeights | undefined> {
  const options = { offline, signal };
  if (!resumed) return from === undefined ? undefined : await readStartingWeights(from, options);
  const { checkpoint, config: { startedFrom }, folder } = resumed;
  if (checkpoint || !startedFrom) return undefined;
  const weights = await readStartingWeights(startedFrom.path, options);
  if (weights.sha256 === startedFrom.sha256) return weights;
  throw new Error(
    `Cannot resume ${folder.path}: it has no checkpoint and starts over, for which ${startedFrom.path} must have ` +
      `SHA-256 ${startedFrom.sha256}, found ${weights.sha256}. Put those weights back, or start a new run`,
  );
}
