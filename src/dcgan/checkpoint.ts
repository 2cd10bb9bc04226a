import type { Tensor } from "../gpu/mod.ts";
import {
  loadStateDict,
  readSafetensors,
  type Safetensors,
  stateDict,
  syncFolderOf,
  type TensorData,
  writeSafetensors,
} from "../nn/mod.ts";
import { expectFinite } from "./finite.ts";
import { expectFiniteCheckpoint } from "./non_finite.ts";
import type { Trainer } from "./trainer.ts";

/** Checkpoints of a run that are kept, latest first. */
const KEPT = 5;

/** Files of a checkpoint. The networks' are PyTorch state dicts. */
export const CHECKPOINT_FILES = {
  generator: "generator.safetensors",
  discriminator: "discriminator.safetensors",
  training: "training.safetensors",
} as const;

/**
 * Writes a checkpoint as a folder `step-NNNNNN`, whole or not at all: its files are written and synced in a temporary
 * folder, which is then renamed. One of the same step gives way to it; older ones than the last five are deleted.
 *
 * @returns its path.
 * @throws {NonFiniteError} if a value is NaN or infinite: then nothing is written.
 */
export async function writeCheckpoint(folder: string, trainer: Trainer): Promise<string> {
  const { steps, generator, discriminator } = trainer;
  // All are read at once: steps may be started while the files are written
  const states = await Promise.all([
    stateDict(generator),
    stateDict(discriminator),
    readState(trainer.state()),
  ]);
  const files = Object.values(CHECKPOINT_FILES);
  expectFiniteCheckpoint(steps, new Map(files.map((file, i) => [file, states[i]!])));
  const name = checkpointName(steps);
  const path = `${folder}/${name}`;
  const temporary = `${folder}/.${name}.tmp`;
  const replaced = `${folder}/.${name}.old.tmp`;
  await Deno.mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  await Deno.mkdir(temporary);
  for (const [i, file] of files.entries()) {
    await writeSafetensors(`${temporary}/${file}`, states[i]!, { step: `${steps}` });
  }
  await renameIfThere(path, replaced);
  await Deno.rename(temporary, path);
  await syncFolderOf(path);
  await removeUnfinished(folder);
  for (const old of (await checkpointsIn(folder)).slice(KEPT)) {
    await Deno.remove(old.path, { recursive: true });
  }
  return path;
}

/** A checkpoint on disk. */
export interface CheckpointPlace {
  /** Its folder. */
  readonly path: string;
  /** Steps that were done. */
  readonly step: number;
}

/** The checkpoints in a folder, latest first. None where there is no folder. */
export async function checkpointsIn(folder: string): Promise<CheckpointPlace[]> {
  const found: CheckpointPlace[] = [];
  for (const name of await namesIn(folder)) {
    const match = /^step-(\d{6,})$/.exec(name);
    if (match) found.push({ path: `${folder}/${name}`, step: Number(match[1]) });
  }
  return found.sort((a, b) => b.step - a.step);
}

/**
 * Sets a trainer to a checkpoint: its next step is the one that would have followed.
 *
 * @throws {RangeError} if the checkpoint is of other networks, its files are not all of that step, or a value in them is
 * NaN or infinite; then nothing is changed.
 */
export async function restoreCheckpoint({ path, step }: CheckpointPlace, trainer: Trainer): Promise<void> {
  const read = (file: keyof typeof CHECKPOINT_FILES) => readSafetensors(`${path}/${CHECKPOINT_FILES[file]}`);
  const [generator, discriminator, training] = await Promise.all([
    read("generator"),
    read("discriminator"),
    read("training"),
  ]);
  const found = [generator, discriminator, training].map(({ metadata }) => metadata.step ?? "none");
  found.push(`${training.tensors.get("counter")?.data[0] ?? "none"}`);
  if (found.some((one) => one !== `${step}`)) {
    throw new RangeError(
      `Checkpoint ${path} must be of step ${step} in all of its files: found ${found.join(", ")}`,
    );
  }
  for (const [file, { tensors }] of Object.entries({ generator, discriminator, training })) {
    expectFinite(
      tensors,
      `${path}/${CHECKPOINT_FILES[file as keyof typeof CHECKPOINT_FILES]}`,
      `Delete ${path} to go on from the checkpoint before it`,
    );
  }
  loadStateDict(trainer.generator, generator.tensors);
  loadStateDict(trainer.discriminator, discriminator.tensors);
  for (const [name, tensor] of trainer.state()) {
    // Runs of f16 from before gradients were scaled as they need it do not have this: it stays what it starts as
    if (name.endsWith(".gradient_scaling") && !training.tensors.has(name)) continue;
    writeState(name, tensor, training, path);
  }
  trainer.continueFrom(step);
}

function checkpointName(step: number): string {
  return `step-${`${step}`.padStart(6, "0")}`;
}

async function renameIfThere(path: string, to: string): Promise<void> {
  try {
    await Deno.rename(path, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Removes what a killed process left half written, and what gave way. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (/^\.step-\d+(\.old)?\.tmp$/.test(name)) await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
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

function writeState(name: string, tensor: Tensor, { tensors }: Safetensors, path: string): void {
  const found = tensors.get(name);
  if (!found || found.data.length !== tensor.size) {
    throw new RangeError(
      `Checkpoint ${path} does not fit this run: '${name}' has ${found?.data.length ?? 0} values, ` +
        `expected ${tensor.size}`,
    );
  }
  tensor.set(Float64Array.from(found.data as ArrayLike<number>, Number));
}
