import { host } from "../../host/host.ts";

/** Files of a checkpoint. The networks' are PyTorch state dicts. */
export const CHECKPOINT_FILES = {
  generator: "generator.safetensors",
  discriminator: "discriminator.safetensors",
  training: "training.safetensors",
} as const;

/** A checkpoint on disk. */
export interface CheckpointPlace {
  /** Its folder. */
  readonly path: string;
  /** Steps that were done. */
  readonly step: number;
}

/** The checkpoints in a folder, latest first, whatever is in them. None if there is no folder. */
export async function checkpointsIn(folder: string): Promise<CheckpointPlace[]> {
  const found: CheckpointPlace[] = [];
  for (const name of await namesIn(folder)) {
    const match = /^step-(\d{6,})$/.exec(name);
    if (match) found.push({ path: `${folder}/${name}`, step: Number(match[1]) });
  }
  return found.sort((a, b) => b.step - a.step);
}

/** Name of the folder of a step's checkpoint. */
export function checkpointName(step: number): string {
  return `step-${`${step}`.padStart(6, "0")}`;
}

/** Names of what is in a folder. None if there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(host().readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return [];
    throw error;
  }
}
