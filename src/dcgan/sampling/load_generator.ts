import type { Device } from "../../gpu/mod.ts";
import { loadStateDict, Network } from "../../nn/mod.ts";
import type { ImageSize } from "../../pictures/mod.ts";
import type { CheckpointChoice } from "../checkpoints/choose_checkpoint.ts";
import type { GeneratorOrigin } from "../checkpoints/find_generator.ts";
import { createGenerator } from "../networks/generator.ts";
import { readGeneratorFile } from "./generator_file.ts";
import type { GeneratorArchitecture } from "../networks/infer_architecture.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { usableGenerator } from "./usable_generator.ts";

/** A generator on the GPU, and what is needed to draw from it. */
export interface LoadedGenerator {
  /** The generator. The caller disposes it. */
  readonly generator: Network;
  /** Width and height of its pictures. */
  readonly size: ImageSize;
  /** Channels of its pictures. */
  readonly channels: number;
  /** Length of its latent vectors. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of its classes, in the order of their numbers; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
  /** What it is, by its weights. */
  readonly architecture: GeneratorArchitecture;
  /** Where it comes from: its run, its step, its weights. */
  readonly origin: GeneratorOrigin;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/** How {@linkcode loadGenerator} loads. */
export interface LoadGeneratorOptions {
  /**
   * What latent vectors are drawn from. A run folder knows; a state dict does not.
   *
   * @default {"normal", or as the run says}
   */
  latentDistribution?: LatentDistribution;
  /**
   * What batch norms will normalize with. With those of the batch the source needs no running statistics.
   *
   * @default {"running"}
   */
  statistics?: "running" | "batch";
  /**
   * Which checkpoint of a run folder: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
  /**
   * Whether to draw from the moving average of the generator's weights, if a run has one. Of a state dict, draw as it is.
   *
   * @default {true}
   */
  ema?: boolean;
  /**
   * Relative length of a moving average to draw from in place of the run's own, above 0 and up to 0.2886: it is built of what
   * a run with `emaSnapshots` has kept; see `postHocAverage()`.
   */
  emaLength?: number;
  /**
   * Which generator of a file that holds several, by what the names of its tensors begin with, such as `netG_ema`.
   *
   * @default {the only one}
   */
  network?: string;
  /**
   * Take a generator on the hub, `hf:user/model`, from the files that are already downloaded, without the network.
   *
   * @default {false}
   */
  offline?: boolean;
}

/**
 * Loads the generator of a run folder's latest checkpoint that is whole, of the checkpoint of one step, of the folder of
 * a checkpoint, or of a PyTorch state dict in a file of safetensors or of `torch.save`.
 *
 * @throws {Error} if there is none.
 * @throws {RangeError} if it cannot be drawn from: it is another network, lacks tensors, or holds NaN, an infinity or a
 * negative variance.
 */
export async function loadGenerator(
  device: Device,
  source: string,
  options: LoadGeneratorOptions = {},
): Promise<LoadedGenerator> {
  const file = await readGeneratorFile(source, options);
  const { path, latentDistribution = options.latentDistribution ?? "normal" } = file;
  if (options.latentDistribution !== undefined && options.latentDistribution !== latentDistribution) {
    throw new RangeError(
      `Cannot sample from ${source}: "latentDistribution" must be the one it was trained with, ` +
        `"${latentDistribution}", found "${options.latentDistribution}"`,
    );
  }
  const isRunning = options.statistics !== "batch";
  const { tensors, architecture, classes } = usableGenerator(file, {
    statistics: isRunning ? "running" : "batch",
    network: options.network,
  });
  const generator = new Network(device, createGenerator({ ...architecture, ndf: 1 }));
  try {
    loadStateDict(generator, tensors, { statistics: isRunning ? "required" : "optional" });
  } catch (error) {
    generator[Symbol.dispose]();
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`Cannot sample from ${path}: ${error.message}`, { cause: error });
  }
  const { size, channels, latent } = architecture;
  const { origin, warnings } = file;
  return { generator, size, channels, latent, latentDistribution, classes, architecture, origin, warnings };
}
