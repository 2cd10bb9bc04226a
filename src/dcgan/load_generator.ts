import type { Device } from "../gpu/mod.ts";
import { loadStateDict, Network, readSafetensors } from "../nn/mod.ts";
import { createGenerator } from "./generator.ts";
import { generatorFile } from "./generator_file.ts";
import { inferGenerator } from "./infer_architecture.ts";
import type { LatentDistribution } from "./latent.ts";

/** A generator on the GPU, and what is needed to draw from it. */
export interface LoadedGenerator {
  /** The generator. The caller disposes it. */
  readonly generator: Network;
  /** Edge of its pictures. */
  readonly size: number;
  /** Channels of its pictures. */
  readonly channels: number;
  /** Length of its latent vectors. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
}

/**
 * Loads the generator of a run folder's latest checkpoint, or of a PyTorch state dict.
 *
 * @throws {Error} if there is none.
 */
export async function loadGenerator(
  device: Device,
  source: string,
  options: { latentDistribution?: LatentDistribution } = {},
): Promise<LoadedGenerator> {
  const { path, latentDistribution = options.latentDistribution ?? "normal" } = await generatorFile(source);
  const { tensors } = await readSafetensors(path);
  const architecture = inferGenerator(tensors, path);
  const generator = new Network(device, createGenerator({ ...architecture, ndf: 1 }));
  try {
    loadStateDict(generator, tensors);
  } catch (error) {
    generator[Symbol.dispose]();
    throw error;
  }
  return { ...architecture, generator, latentDistribution };
}
