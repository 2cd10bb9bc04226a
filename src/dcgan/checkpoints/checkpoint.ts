import { host } from "../../host/host.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { stateDict, type TensorData, writeSafetensors } from "../../nn/mod.ts";
import { syncFolderOf } from "../../files/atomic_write.ts";
import { applyCheckpoint } from "./apply_checkpoint.ts";
import {
  CHECKPOINT_FILES,
  checkpointName,
  type CheckpointPlace,
  checkpointsIn,
  namesIn,
} from "./checkpoint_files.ts";
import { CLASSES } from "./class_names.ts";
import { readCheckpoint } from "./read_checkpoint.ts";
import { sealed } from "./seal.ts";
import { expectFiniteCheckpoint } from "../numbers/non_finite.ts";
import type { Trainer } from "../trainer.ts";

export { CHECKPOINT_FILES, type CheckpointPlace, checkpointsIn };

/** Options of {@linkcode writeCheckpoint}. */
export interface WriteCheckpointOptions {
  /** What names the run in each of the files. */
  run?: string;
  /** Receives problems that do not affect the checkpoint. */
  warn?: (message: string) => void;
  /**
   * Checkpoints that are kept, latest first, or all.
   *
   * @default {5}
   */
  keep?: number | "all";
  /** A checkpoint that is kept besides, by its step. */
  best?: number | undefined;
}

/**
 * Writes a checkpoint as a folder `step-NNNNNN`, whole or not at all: its files are written and synced in a
 * temporary folder, which is then renamed. Each file carries the SHA-256 of its data. One of the same step
 * gives way to it; those that are not to be kept are deleted.
 *
 * @returns its path.
 * @throws {NonFiniteError} if a value is NaN or infinite: then nothing is written.
 * @throws {Error} if the GPU has not done all of the trainer's steps: then nothing is written either.
 */
export async function writeCheckpoint(
  folder: string,
  trainer: Trainer,
  options: WriteCheckpointOptions = {},
): Promise<string> {
  const { run, warn = () => {} } = options;
  const { steps, size, generator, discriminator, averages, classes } = trainer;
  // All are read at once: steps may be started while the files are written
  const states = await Promise.all([
    stateDict(generator),
    stateDict(discriminator),
    readState(trainer.state()),
    ...[...averages.values()].map(({ network }) => stateDict(network)),
  ]);
  expectDone(steps, states[2]);
  const files = [...Object.values(CHECKPOINT_FILES), ...averages.keys()];
  expectFiniteCheckpoint(steps, new Map(files.map((file, i) => [file, states[i]!])));
  const name = checkpointName(steps);
  const path = `${folder}/${name}`;
  const temporary = `${folder}/.${name}.tmp`;
  await makeFolder(folder);
  await removeUnfinished(folder, warn);
  await host().mkdir(temporary);
  for (const [i, file] of files.entries()) {
    const metadata = {
      step: `${steps}`,
      ...(run === undefined ? {} : { run }),
      ...(classes ? { [CLASSES]: JSON.stringify(classes) } : {}),
      // A dense projection does not tell the sides of other images than squares, nor a discriminator with
      // classes any
      ...(typeof size === "string" || classes ? { size: `${size}` } : {}),
    };
    await writeSafetensors(`${temporary}/${file}`, states[i]!, sealed(states[i]!, metadata));
  }
  await giveWay(folder, name);
  await host().rename(temporary, path);
  await syncFolderOf(path);
  await removeOld(folder, options, warn);
  return path;
}

/**
 * Sets a trainer to a checkpoint: its next step is the one that would have followed.
 *
 * @throws {SyntaxError} if a file of it is missing or damaged.
 * @throws {RangeError} if the checkpoint is of other networks, its files are not all of that step and of one
 * run, or they hold NaN or infinities.
 */
export async function restoreCheckpoint(place: CheckpointPlace, trainer: Trainer): Promise<void> {
  applyCheckpoint(await readCheckpoint(place), trainer);
}

/**
 * Throws if the GPU counts other steps: it has rejected commands, and these weights are not those of this
 * step.
 */
function expectDone(steps: number, state: ReadonlyMap<string, TensorData>): void {
  const done = Number(state.get("counter")?.data[0]);
  if (done === steps) return;
  throw new Error(
    `Cannot write the checkpoint of step ${steps}: the GPU must have done ${steps} steps, found ${done}. ` +
      "Resume from the checkpoint before",
  );
}

/** Makes a folder, and its name safe on disk. */
async function makeFolder(folder: string): Promise<void> {
  const isThere = await host().stat(folder).then(() => true, () => false);
  if (isThere) return;
  await host().mkdir(folder, { recursive: true });
  await syncFolderOf(folder);
}

/** Takes its name from a checkpoint, so that what is half deleted never looks like one. */
async function giveWay(folder: string, name: string): Promise<void> {
  try {
    await host().rename(`${folder}/${name}`, `${folder}/.${name}.old.tmp`);
  } catch (error) {
    if (host().problemOf(error) !== "NotFound") throw error;
  }
}

/** Deletes checkpoints that are not to be kept, and what gave way. */
async function removeOld(
  folder: string,
  { keep = 5, best }: WriteCheckpointOptions,
  warn: (message: string) => void,
): Promise<void> {
  try {
    const older = keep === "all" ? [] : (await checkpointsIn(folder)).slice(keep);
    for (const { step } of older) {
      if (step !== best) await giveWay(folder, checkpointName(step));
    }
    await removeUnfinished(folder, warn);
  } catch (error) {
    // The next checkpoint tries again
    warn(cannotDelete(`old checkpoints in ${folder}`, error));
  }
}

/**
 * Removes what a killed process left half written, and what gave way. What cannot be removed is tried again
 * later.
 */
export async function removeUnfinished(folder: string, warn: (message: string) => void): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!/^\.step-\d+(\.old)?\.tmp$/.test(name)) continue;
    const path = `${folder}/${name}`;
    await host().remove(path, { recursive: true }).catch((error) => warn(cannotDelete(path, error)));
  }
}

function cannotDelete(path: string, error: unknown): string {
  return `Cannot delete ${path}: ${error instanceof Error ? error.message : error}`;
}

async function readState(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, TensorData>> {
  const names = [...tensors.keys()];
  const values = await tensors.get(names[0]!)!.device.read([...tensors.values()]);
  return new Map(names.map((name, position): [string, TensorData] => {
    const { shape } = tensors.get(name)!;
    const data = values[position]!;
    if (data instanceof Float32Array) return [name, { dtype: "F32", shape, data }];
    return [name, { dtype: "I64", shape, data: BigInt64Array.from(data, BigInt) }];
  }));
}
