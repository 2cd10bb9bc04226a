import { host } from "../../host/host.ts";
import { decodeSafetensors, type Safetensors } from "../../nn/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { expectFinite } from "../numbers/finite.ts";
import { ALL_AVERAGES, averagesOf } from "../averages/kept_averages.ts";
import { CHECKPOINT_FILES, type CheckpointPlace, namesIn } from "./checkpoint_files.ts";
import { misfit } from "./fit.ts";
import { expectIntact, isSealed } from "./seal.ts";

/** A checkpoint that was read, and found whole. */
export interface ReadCheckpoint {
  /** Where it lies, and of which step it is. */
  readonly place: CheckpointPlace;
  /** The generator's file. */
  readonly generator: Safetensors;
  /** The discriminator's. */
  readonly discriminator: Safetensors;
  /** That of the optimizers and the counter of steps. */
  readonly training: Safetensors;
  /** Those of averaged generators, if the run averages its weights, by their names. */
  readonly averages: ReadonlyMap<string, Safetensors>;
}

/**
 * Reads a checkpoint, and holds it to all that can be known without a GPU: its files are there, undamaged,
 * finite, and of one step and one run.
 *
 * @param config Of the run that it must be of. Without it, any.
 * @throws {SyntaxError} if a file is missing or damaged.
 * @throws {RangeError} if the files do not belong together or to the run, or hold NaN or infinities.
 */
export async function readCheckpoint(place: CheckpointPlace, config?: TrainConfig): Promise<ReadCheckpoint> {
  const { path, step } = place;
  const fail = (problem: string): never => {
    throw new RangeError(`Checkpoint ${path} ${problem}`);
  };
  const averaged = config ? averagesOf(config).map(({ file }) => file) : await averagesIn(path);
  const names = [...Object.values(CHECKPOINT_FILES), ...averaged];
  const files: Safetensors[] = [];
  for (const name of names) files.push(await readFile(path, name));
  const [generator, discriminator, training, ...others] = files as [Safetensors, Safetensors, Safetensors];
  const averages = new Map(averaged.map((name, i) => [name, others[i]!]));

  const steps = files.map(({ metadata }) => metadata.step ?? "none");
  steps.push(`${training.tensors.get("counter")?.data[0] ?? "none"}`);
  if (steps.some((one) => one !== `${step}`)) {
    fail(`must be of step ${step} in all of its files, found ${steps.join(", ")}`);
  }
  const runs = files.map(({ metadata }) => metadata.run ?? "none");
  if (runs.some((run) => run !== runs[0])) {
    fail(`must be of one run in all of its files, found ${runs.join(", ")}`);
  }
  if (config?.run !== undefined && runs[0] !== "none" && runs[0] !== config.run) {
    fail(`must be of this run, ${config.run}, found ${runs[0]}`);
  }
  const problem = config && misfit({ generator, discriminator, training, averages }, config);
  if (problem !== undefined) fail(`must fit the networks of its run: ${problem}`);
  for (const [i, file] of files.entries()) {
    const name = `${path}/${names[i]}`;
    // First, as it says more than a checksum
    expectFinite(file.tensors, name);
    expectIntact(file, name);
    // Whatever knows its run was written with a checksum as well
    if (runs[0] !== "none" && !isSealed(file)) {
      throw new SyntaxError(`Cannot use ${name}: its checksum is missing (damaged)`);
    }
  }
  return { place, generator, discriminator, training, averages };
}

async function averagesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return ALL_AVERAGES.map(({ file }) => file).filter((file) => names.includes(file));
}

async function readFile(folder: string, name: string): Promise<Safetensors> {
  const path = `${folder}/${name}`;
  let bytes: Uint8Array;
  try {
    bytes = await host().readFile(path);
  } catch (cause) {
    const reason = host().problemOf(cause) === "NotFound"
      ? "it is missing"
      : host().problemOf(cause) === "NotADirectory"
      ? "its checkpoint must be a folder, found a file"
      : cause instanceof Error
      ? cause.message
      : `${cause}`;
    throw new SyntaxError(`Cannot read ${path}: ${reason}`, { cause });
  }
  return decodeSafetensors(bytes, path);
}
