import { host } from "../../../host/host.ts";
import { removeUnfinished } from "../../checkpoints/checkpoint.ts";
import { ALL_AVERAGES } from "../../averages/kept_averages.ts";
import { removeSnapshots, SNAPSHOTS_FOLDER } from "../../averages/snapshots.ts";
import {
  CHECKPOINT_FILES,
  type CheckpointPlace,
  checkpointsIn,
  namesIn,
} from "../../checkpoints/checkpoint_files.ts";

/** What a process leaves that is killed while it writes a file of a run. */
const UNFINISHED =
  /^(config\.json|metrics\.jsonl|scores\.jsonl|profile\.json|report\.html|[a-z]+\.png|events\.out\.tfevents\.\d+\.dcgan|step-\d+\.(png|safetensors))\.[0-9a-f]{8}\.tmp$/;

/**
 * Removes what killed processes left in a run folder: files half written, checkpoints half deleted, and
 * snapshots of averages after the checkpoint that it resumes from. Call it only with
 * the run's lock. What cannot be removed stays.
 *
 * @param latest The checkpoint that the run resumes from.
 */
export async function cleanRun(
  run: string,
  latest: CheckpointPlace | undefined,
  warn: (message: string) => void,
): Promise<void> {
  const remove = (path: string) =>
    host().remove(path, { recursive: true }).catch((error) =>
      warn(`Cannot delete ${path}: ${error.message}`)
    );
  for (const folder of [run, `${run}/samples`, `${run}/${SNAPSHOTS_FOLDER}`]) {
    for (const name of await namesIn(folder)) if (UNFINISHED.test(name)) await remove(`${folder}/${name}`);
  }
  await removeSnapshots(run, latest?.step ?? 0, warn);
  const checkpoints = `${run}/checkpoints`;
  await removeUnfinished(checkpoints, warn);
  for (const { step, path } of await checkpointsIn(checkpoints)) {
    if (latest && step < latest.step && await isHalfDeleted(path)) await remove(path);
  }
}

/** Whether a folder has some files of a checkpoint, or nothing at all, and nothing else. */
async function isHalfDeleted(path: string): Promise<boolean> {
  if (!(await host().lstat(path)).isDirectory) return false;
  const files: readonly string[] = Object.values(CHECKPOINT_FILES);
  const names = await namesIn(path);
  return files.some((file) => !names.includes(file)) &&
    names.every((name) => files.includes(name) || ALL_AVERAGES.some(({ file }) => file === name));
}
