import { type Module, stateDictFor, type TensorData } from "../../nn/mod.ts";
import { parseSize, sizeText } from "../../pictures/mod.ts";
import { CLASSES } from "../checkpoints/class_names.ts";
import type { GeneratorOrigin } from "../checkpoints/find_generator.ts";
import { LATENT_DISTRIBUTION } from "../checkpoints/latent_distribution.ts";
import { sealed } from "../checkpoints/seal.ts";
import { createDiscriminator } from "../networks/discriminator.ts";
import { createGenerator } from "../networks/generator.ts";
import {
  type DiscriminatorArchitecture,
  type GeneratorArchitecture,
  inferDiscriminator,
} from "../networks/infer_architecture.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { readGeneratorFile } from "../sampling/generator_file.ts";
import type { LoadGeneratorOptions } from "../sampling/load_generator.ts";
import { usableGenerator } from "../sampling/usable_generator.ts";
import { layersOf, type LayerSpec } from "./layers.ts";

/** A network as others read it. */
export interface ExportedNetwork {
  /** Its layers, in the order of a forward pass. */
  readonly layers: readonly LayerSpec[];
  /** Its tensors by PyTorch's names, in PyTorch's shapes, floats in 32 bits. */
  readonly tensors: ReadonlyMap<string, TensorData>;
}

/** What is exported of a run. */
export interface ExportedRun {
  /** Its generator. */
  readonly generator: ExportedNetwork;
  /** Its discriminator, if that was asked for. */
  readonly discriminator:
    | (ExportedNetwork & { readonly architecture: DiscriminatorArchitecture })
    | undefined;
  /** What the generator is. */
  readonly architecture: GeneratorArchitecture;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of its classes, in the order of their numbers; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
  /** Where it comes from: its run, its step, its weights. */
  readonly origin: GeneratorOrigin;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads what is exported of a run, of a checkpoint, or of a generator's state dict. No GPU is needed.
 *
 * @param isBoth Whether the discriminator is wanted too, which only checkpoints have.
 * @throws {Error} if there is no generator.
 * @throws {RangeError} if it cannot be drawn from, or there is no discriminator.
 */
export async function readRun(
  source: string,
  choice: LoadGeneratorOptions,
  isBoth: boolean,
): Promise<ExportedRun> {
  const file = await readGeneratorFile(source, choice);
  const { path, origin, warnings, discriminator } = file;
  const latentDistribution = file.latentDistribution ?? choice.latentDistribution ?? "normal";
  if ((choice.latentDistribution ?? latentDistribution) !== latentDistribution) {
    throw new RangeError(
      `Cannot export ${source}: "latentDistribution" must be the one it was trained with, ` +
        `"${latentDistribution}", found "${choice.latentDistribution}"`,
    );
  }
  const { tensors, architecture, classes } = usableGenerator(file, { network: choice.network });
  const generator = exported(createGenerator({ ...architecture, ndf: 1 }), tensors, path);
  const known = { architecture, latentDistribution, classes, origin, warnings, generator };
  if (!isBoth) return { ...known, discriminator: undefined };
  if (!discriminator) {
    throw new RangeError(
      `Cannot export the discriminator of ${source}: it must be a run folder or one of its checkpoints, found the ` +
        "file of a generator",
    );
  }
  // A discriminator of packed pictures does not tell how many channels are those of one
  const size = parseSize(discriminator.metadata.size) ?? architecture.size;
  const kind = inferDiscriminator(discriminator.tensors, path, architecture.channels, size);
  const module = createDiscriminator({ ...kind, ngf: 1, latent: 1, upsampling: "transposed" });
  return {
    ...known,
    discriminator: { ...exported(module, discriminator.tensors, path), architecture: kind },
  };
}

function exported(
  module: Module,
  tensors: ReadonlyMap<string, TensorData>,
  path: string,
): ExportedNetwork {
  try {
    return { layers: layersOf(module), tensors: stateDictFor(module, tensors) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`Cannot use ${path}: ${error.message}`, { cause: error });
  }
}

/** What a safetensors file says besides its tensors: enough for `sample` to draw as from the run. */
export function metadataOf(
  { architecture: { size }, classes, latentDistribution, origin: { step } }: ExportedRun,
  tensors: ReadonlyMap<string, TensorData>,
): Record<string, string> {
  return sealed(tensors, {
    // Some of Hugging Face's loaders refuse files that do not say it
    format: "pt",
    size: sizeText(size),
    [LATENT_DISTRIBUTION]: latentDistribution,
    ...(classes ? { [CLASSES]: JSON.stringify(classes) } : {}),
    ...(step === undefined ? {} : { step: `${step}` }),
  });
}
