import { host } from "../../host/host.ts";
import {
  type MovingAverage,
  type Network,
  readSafetensors,
  stateDict,
  type TensorData,
  writeSafetensors,
} from "../../nn/mod.ts";
import { namesIn } from "../checkpoints/checkpoint_files.ts";
import { expectIntact, sealed } from "../checkpoints/seal.ts";
import { type KeptKind, POST_HOC } from "./kept_averages.ts";

/** Folder of the snapshots in a run folder. */
export const SNAPSHOTS_FOLDER = "averages";

/** Name of the file of a snapshot. */
const SNAPSHOT = /^step-(\d{6,})\.safetensors$/;

/** The averages after a step, on disk. */
export interface SnapshotPlace {
  /** Its file. */
  readonly path: string;
  /** Steps that were done. */
  readonly step: number;
}

/** The snapshots of a run, oldest first. */
export async function snapshotsIn(run: string): Promise<SnapshotPlace[]> {
  const folder = `${run}/${SNAPSHOTS_FOLDER}`;
  const found = (await namesIn(folder)).flatMap((name) => {
    const match = SNAPSHOT.exec(name);
    return match ? [{ path: `${folder}/${name}`, step: Number(match[1]) }] : [];
  });
  return found.sort((a, b) => a.step - b.step);
}

/** Name of an average's parameter in a snapshot. */
export function nameIn({ length }: Required<KeptKind>, parameter: string): string {
  return `${length.toFixed(2)}.${parameter}`;
}

/**
 * Writes the averages of a run as they are now, in 16 bits: the parameters of each, and no statistics.
 *
 * @param run The run folder.
 * @param id What names the run.
 * @throws {Error} naming the file, if it cannot be written.
 */
export async function writeSnapshot(
  run: string,
  averages: ReadonlyMap<string, MovingAverage>,
  { step, id }: { readonly step: number; readonly id: string },
): Promise<void> {
  const tensors = new Map<string, TensorData>();
  for (const kind of POST_HOC) {
    const { network } = averages.get(kind.file)!;
    for (const [name, tensor] of await parametersOf(network)) tensors.set(nameIn(kind, name), tensor);
  }
  const folder = `${run}/${SNAPSHOTS_FOLDER}`;
  await host().mkdir(folder, { recursive: true });
  const path = `${folder}/step-${`${step}`.padStart(6, "0")}.safetensors`;
  await writeSafetensors(path, tensors, sealed(tensors, { step: `${step}`, run: id }));
}

/**
 * Reads a snapshot.
 *
 * @throws {SyntaxError} if it is damaged or of another step, naming it.
 */
export async function readSnapshot({ path, step }: SnapshotPlace): Promise<ReadonlyMap<string, TensorData>> {
  const advice = "Delete it to build averages without it, at some loss of accuracy";
  const file = await readSafetensors(path).catch((cause) => {
    throw new SyntaxError(`${cause instanceof Error ? cause.message : cause}. ${advice}`, { cause });
  });
  try {
    expectIntact(file, path);
  } catch (cause) {
    throw new SyntaxError(`${(cause as Error).message}. ${advice}`, { cause });
  }
  if (file.metadata.step === `${step}`) return file.tensors;
  throw new SyntaxError(
    `Cannot use ${path}: it must be of step ${step}, found ${file.metadata.step ?? "none"}. ${advice}`,
  );
}

/** Removes the snapshots after a step: the run will write them again. What cannot be removed is told. */
export async function removeSnapshots(
  run: string,
  after: number,
  warn: (message: string) => void,
): Promise<void> {
  for (const { path, step } of await snapshotsIn(run)) {
    if (step <= after) continue;
    await host().remove(path).catch((error) => warn(`Cannot delete ${path}: ${error.message}`));
  }
}

/** The parameters of a network in 16 bits; those of which one is too large for that, in 32. */
async function parametersOf(network: Network): Promise<[string, TensorData][]> {
  const all = await stateDict(network);
  return [...network.parameters.keys()].map((name) => {
    const whole = all.get(name) as TensorData<"F32">;
    const data = new Float16Array(whole.data);
    return [name, data.every(Number.isFinite) ? { dtype: "F16", shape: whole.shape, data } : whole];
  });
}
