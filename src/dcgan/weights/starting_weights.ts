/**
 * Weights that a new run starts from: those of a run, of a checkpoint, or of a file.
 *
 * @module
 */
import { type Module, readWeights, type TensorData } from "../../nn/mod.ts";
import { host } from "../../host/host.ts";
import { sha256 } from "../../files/sha256.ts";
import { parseSize } from "../../pictures/mod.ts";
import { CHECKPOINT_FILES } from "../checkpoints/checkpoint_files.ts";
import { latentDistributionOf } from "../checkpoints/latent_distribution.ts";
import { classNamesOf } from "../checkpoints/class_names.ts";
import { checkpointAt } from "../checkpoints/checkpoint_at.ts";
import { expectIntact } from "../checkpoints/seal.ts";
import { createDiscriminator } from "../networks/discriminator.ts";
import { networksIn, tensorsOf, theNetwork } from "../networks/find_networks.ts";
import { createGenerator } from "../networks/generator.ts";
import {
  type DiscriminatorArchitecture,
  type GeneratorArchitecture,
  inferDiscriminator,
  inferGenerator,
} from "../networks/infer_architecture.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { expectFinite } from "../numbers/finite.ts";
import type { StartedFrom } from "./started_from.ts";
import { fetchModel, type HubOptions, isOnHub } from "./hub_model.ts";
import { isOf, optimizersIn, type OptimizerState } from "./optimizer_state.ts";

/** What runs have in place of Adam's `eps`. */
const EPS = 1e-8;

/** A network's weights, and what they say of it. */
interface Weights<Architecture> {
  /** By their names in the file. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What it is. */
  readonly architecture: Architecture;
  /** The state of its optimizer, if that is with it. */
  readonly optimizer?: OptimizerState | undefined;
}

/** Weights that a new run starts from. */
export interface StartingWeights {
  /** Where they are. */
  readonly path: string;
  /** Their checksum, as in {@linkcode StartedFrom}. */
  readonly sha256: string;
  /** The generator, if there is one. */
  readonly generator: Weights<GeneratorArchitecture> | undefined;
  /** The discriminator, if there is one. */
  readonly discriminator: Weights<DiscriminatorArchitecture> | undefined;
  /** What their run drew latent vectors from, if that is known. */
  readonly latentDistribution: LatentDistribution | undefined;
  /** Names of their classes, if they are known. */
  readonly classes: readonly string[] | undefined;
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/**
 * Reads weights that a new run may start from.
 *
 * @param source A run folder, of which the latest checkpoint that is whole is taken; the folder of a
 * checkpoint; a model on the hub, `hf:user/model`; or a file of safetensors or of `torch.save` with a generator, a discriminator or both, and
 * perhaps the states of their optimizers.
 * @throws {Error} if there are none.
 * @throws {RangeError} if they are not of one of this module's networks, or hold NaN or an infinity.
 */
export async function readStartingWeights(
  source: string,
  options: HubOptions = {},
): Promise<StartingWeights> {
  if (isOnHub(source)) {
    const { path, name } = await fetchModel(source, options);
    return { ...await fromFile(path), path: name };
  }
  const info = await host().stat(source).catch((cause) => {
    if (host().problemOf(cause) !== "NotFound") throw cause;
    throw new Error(
      `Cannot start from ${source}: it must be a run folder, or a file of weights (.safetensors, .pt, .pth), ` +
        `found nothing there`,
      { cause },
    );
  });
  return info.isDirectory ? await fromFolder(source) : await fromFile(source);
}

async function fromFolder(folder: string): Promise<StartingWeights> {
  const { checkpoint, run, warnings } = await checkpointAt(folder, "last", "start");
  const { place: { path }, generator, discriminator } = checkpoint;
  const files = [CHECKPOINT_FILES.generator, CHECKPOINT_FILES.discriminator];
  const size = parseSize(generator.metadata.size);
  const architecture = inferGenerator(generator.tensors, path, size);
  return {
    path,
    sha256: await sha256(await Promise.all(files.map((file) => host().readFile(`${path}/${file}`)))),
    generator: { tensors: generator.tensors, architecture },
    discriminator: {
      tensors: discriminator.tensors,
      architecture: inferDiscriminator(
        discriminator.tensors,
        path,
        architecture.channels,
        architecture.size,
      ),
    },
    latentDistribution: run?.config.latentDistribution,
    classes: classNamesOf(generator, path),
    warnings,
  };
}

async function fromFile(path: string): Promise<StartingWeights> {
  const file = await readWeights(path);
  expectIntact(file, path);
  const { tensors, metadata } = file;
  const networks = [...networksIn(tensors)];
  const advice = "Save one of them alone";
  const found = {
    generator: theNetwork(networks, "generator", path, { advice }),
    discriminator: theNetwork(networks, "discriminator", path, { advice }),
  };
  if (!found.generator && !found.discriminator) {
    throw new RangeError(
      `Cannot start from ${path}: it must hold a generator or a discriminator of this module or of PyTorch's ` +
        `examples/dcgan, found neither`,
    );
  }
  const size = parseSize(metadata.size);
  const own = found.generator && tensorsOf(found.generator, tensors);
  const generator = own && { tensors: own, architecture: inferGenerator(own, path, size) };
  const other = found.discriminator && tensorsOf(found.discriminator, tensors);
  const known = generator?.architecture;
  const discriminator = other && {
    tensors: other,
    architecture: inferDiscriminator(other, path, known?.channels, known?.size ?? size),
  };
  for (const part of [own, other]) if (part) expectFinite(part, path);
  const modules = {
    generator: generator && createGenerator({ ...generator.architecture, ndf: 1 }),
    discriminator: discriminator &&
      createDiscriminator({ ...discriminator.architecture, ngf: 1, latent: 1, upsampling: "transposed" }),
  };
  const optimizers = optimizersIn(file, path);
  const optimizerOf = (network: Module | undefined) =>
    network && optimizers.find((one) => isOf(one, network));
  const used = {
    generator: optimizerOf(modules.generator),
    discriminator: optimizerOf(modules.discriminator),
  };
  return {
    path,
    sha256: await digestOf(path),
    generator: generator && { ...generator, optimizer: used.generator },
    discriminator: discriminator && { ...discriminator, optimizer: used.discriminator },
    latentDistribution: latentDistributionOf(file, path),
    classes: classNamesOf(file, path),
    warnings: optimizers.flatMap((one) => warningsOf(one, Object.values(used).includes(one), path)),
  };
}

/** What of the state of an optimizer is left out. */
function warningsOf({ path, settings }: OptimizerState, isUsed: boolean, source: string): string[] {
  const what = `${path === "" ? "the state of an optimizer" : path} in ${source}`;
  if (!isUsed) return [`${what} is of no network there, and is left out`];
  const { eps = EPS, weight_decay: decay = 0 } = Object.fromEntries(settings);
  return [
    ...eps === EPS ? [] : [`${what} has an eps of ${eps}. This run has ${EPS}`],
    ...decay === 0 ? [] : [`${what} has a weight decay of ${decay}. This run has what "weightDecay" says`],
  ];
}

async function digestOf(path: string): Promise<string> {
  using file = await host().open(path);
  return await sha256(file.readable);
}

/** What a config keeps of weights. */
export function startedFrom({ path, sha256, generator, discriminator }: StartingWeights): StartedFrom {
  const parts = Object.entries({ generator, discriminator }).flatMap(([name, network]) =>
    network ? [name, ...network.optimizer ? [`${name} optimizer`] : []] : []
  );
  return { path, parts, sha256 };
}
