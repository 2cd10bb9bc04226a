import type { Device } from "../../../gpu/mod.ts";
import { loadStateDict, Network } from "../../../nn/mod.ts";
import { parseSize } from "../../../pictures/mod.ts";
import { type CheckpointChoice, chooseCheckpoint } from "../../checkpoints/choose_checkpoint.ts";
import { createDiscriminator } from "../../networks/discriminator.ts";
import {
  type DiscriminatorArchitecture,
  inferDiscriminator,
  inferGenerator,
} from "../../networks/infer_architecture.ts";
import type { TrainConfig } from "../../options/config.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import { STREAMS } from "../../streams.ts";

/** A discriminator on the GPU, and what it is. */
export interface LoadedDiscriminator {
  /** The discriminator. The caller disposes it. */
  readonly discriminator: Network;
  /** What it is built like. */
  readonly architecture: DiscriminatorArchitecture;
  /** Options of its run. */
  readonly config: TrainConfig;
  /** Step of the checkpoint. */
  readonly step: number;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/** How {@linkcode loadDiscriminator} loads. */
export interface LoadDiscriminatorOptions {
  /**
   * Which checkpoint: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
}

/**
 * Loads the discriminator of a run folder. It takes pictures `[batch, height, width, pack * channels]` in
 * [-1, 1], and gives logits.
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if the run has no such checkpoint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadDiscriminator, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", out }));
 * const { discriminator, architecture, step } = await loadDiscriminator(device, out);
 * assertEquals([architecture.size, architecture.ndf, step], [16, 4, 2]);
 * discriminator[Symbol.dispose]();
 * ```
 */
export async function loadDiscriminator(
  device: Device,
  run: string,
  options: LoadDiscriminatorOptions = {},
): Promise<LoadedDiscriminator> {
  const config = await RunFolder.at(run).readConfig();
  const chosen = await chooseCheckpoint(run, config, options.from);
  if (!chosen) {
    throw new Error(
      `Cannot load the discriminator of ${run}: it has no checkpoint yet. Let it run longer`,
    );
  }
  const { path, step } = chosen.place;
  const { tensors, metadata } = chosen.generator;
  // A discriminator of packed pictures does not tell how many channels are those of one
  const known = inferGenerator(tensors, path, parseSize(metadata.size));
  const architecture = inferDiscriminator(chosen.discriminator.tensors, path, known.channels, known.size);
  const discriminator = freshDiscriminator(device, architecture, config.seed);
  try {
    loadStateDict(discriminator, chosen.discriminator.tensors);
  } catch (error) {
    discriminator[Symbol.dispose]();
    throw error;
  }
  return { discriminator, architecture, config, step, warnings: chosen.warnings };
}

/** A discriminator with the weights that training starts from. The caller disposes it. */
export function freshDiscriminator(
  device: Device,
  architecture: DiscriminatorArchitecture,
  seed: number,
): Network {
  const others = { ngf: 1, latent: 1, upsampling: "transposed" } as const;
  const module = createDiscriminator({ ...architecture, ...others });
  return new Network(device, module, { seed, stream: STREAMS.discriminator });
}
