import type { ImageSize } from "../../pictures/mod.ts";
import type { Architecture } from "./architecture.ts";
import { networksIn, tensorsOf, theNetwork } from "./find_networks.ts";
import { capOf, shapeOf, sidesOfKernel, summedMaps } from "./infer_shape.ts";
import {
  hasNorms,
  isDiscriminator,
  type Kernel,
  kernelsOf,
  MOST_CHANNELS,
  type NamedShapes,
  namelessClasses,
  type Shaped,
  withoutClasses,
  withPlainWeights,
} from "./network_kinds.ts";

export type { NamedShapes, Shaped } from "./network_kinds.ts";

/**
 * What a generator's state dict says about its architecture. It has the number of classes, and not their
 * names.
 */
export type GeneratorArchitecture = Omit<Architecture, "ndf" | "dNorm">;

/** What a discriminator's state dict says about its architecture. */
export type DiscriminatorArchitecture =
  & Pick<Architecture, "size" | "base" | "channels" | "ndf" | "maxMaps" | "kernel" | "firstLayer">
  & Required<Pick<Architecture, "dNorm" | "pack">>
  & Pick<Architecture, "classes">;

/** A generator among the tensors of a file. */
export interface PickedGenerator<T extends Shaped> {
  /** Its own tensors, by their names in the file. */
  readonly tensors: ReadonlyMap<string, T>;
  /** What it is. */
  readonly architecture: GeneratorArchitecture;
}

/**
 * The architecture of a generator, read off the names and shapes of its PyTorch state dict.
 *
 * @param size That of its pictures, if it is known: a dense projection does not tell the sides of those that
 * are not square.
 * @throws {RangeError} if it is none of the generators that `createGenerator` makes, or draws pictures of
 * another size.
 */
export function inferGenerator(
  tensors: NamedShapes,
  source = "The state dict",
  size?: ImageSize,
): GeneratorArchitecture {
  return pickGenerator(tensors, source, size).architecture;
}

/**
 * The one generator among tensors: a file may hold a discriminator as well, or what is around them.
 *
 * @param name What its names begin with, if there are several.
 * @throws {RangeError} if there is none, or several, or one that `createGenerator` does not make.
 */
export function pickGenerator<T extends Shaped>(
  tensors: NamedShapes<T>,
  source = "The state dict",
  size?: ImageSize,
  name?: string,
): PickedGenerator<T> {
  const networks = [...networksIn(tensors)];
  const generator = theNetwork(networks, "generator", source, { name });
  if (generator) {
    const { layers, vectors } = generator;
    return {
      tensors: tensorsOf(generator, tensors),
      architecture: withVectors(architectureOf(layers, source, size), vectors, source),
    };
  }
  if (networks.length > 0) {
    throw new RangeError(
      `Cannot draw from ${source}: it must be a generator, found a discriminator. Name the file of its generator`,
    );
  }
  throw new RangeError(
    `${source} is not a generator: it must have 'main.0.weight' and 'main.1.weight', or 'project.weight' and ` +
      `'bn0.weight', or no norms, and convolutions, found ${listed([...tensors.keys()])}`,
  );
}

/** The width of a discriminator's first layer, read off its PyTorch state dict. */
export function inferDiscriminatorWidth(tensors: NamedShapes): number {
  const inner = withPlainWeights(withoutClasses(tensors).layers);
  const first = inner.get("0.weight") ?? inner.get("main.0.weight") ?? inner.get("conv1.weight");
  if (!first) {
    throw new RangeError(
      "The state dict is not a discriminator: it has no 'main.0.weight' or 'conv1.weight'",
    );
  }
  return first.shape[0]!;
}

/**
 * The architecture of a discriminator, read off the names and shapes of its PyTorch state dict.
 *
 * @param channels Those of one picture, if they are known: the state dict only tells how many the
 * discriminator takes at once. Without it, up to 4 are those of one picture, and more are of packed pictures:
 * in color if 3 divides them.
 * @param size That of its pictures, if it is known, as `inferGenerator()` takes it. One with classes needs
 * it: it sums over all pixels of its last maps, so that its weights are the same whether 4 or 7 pixels are
 * doubled. Checkpoints of a run have it in the metadata of their files, `size`.
 * @throws {RangeError} if it is none of the discriminators that `createDiscriminator` makes, or does not take
 * pictures of so many channels, or has classes and no size.
 */
export function inferDiscriminator(
  tensors: NamedShapes,
  source = "The state dict",
  channels?: number,
  size?: ImageSize,
): DiscriminatorArchitecture {
  const { layers, vectors } = withoutClasses(tensors);
  const inner = withPlainWeights(layers);
  const isSpectral = inner.size < layers.size;
  const kernels = kernelsOf(inner);
  const dense = inner.get("fc.weight")?.shape;
  const halving = dense ? kernels : kernels.slice(0, -1);
  if (halving.length === 0 || !isDiscriminator(inner)) {
    throw new RangeError(
      `${source} is not a discriminator: it must have 'main.0.weight' or 'conv1.weight', and end in a single ` +
        `number, found ${listed([...tensors.keys()])}`,
    );
  }
  const features = halving.at(-1)!.shape[0]!;
  const [ndf, inputs, kernel] = halving[0]!.shape as Kernel;
  const who = `${source} is another kind of discriminator`;
  const maps = vectors
    ? summedMaps(size, halving.length, source)
    : dense
    ? dense[1]! / features
    : sidesOfKernel(kernels.at(-1)!.shape as Kernel);
  const each = channels ?? (inputs <= MOST_CHANNELS ? inputs : inputs % 3 === 0 ? 3 : 1);
  if (inputs % each !== 0) {
    throw new RangeError(
      `${who}: its channels must be a multiple of ${each}, found ${inputs}`,
    );
  }
  // A single layer has no norm; before a dense layer it then is the same either way.
  const isNormed = hasNorms(inner);
  const hasBias = inner.has(halving.at(-1)!.name.replace(/weight$/, "bias"));
  const isSame = dense !== undefined && halving.length === 1;
  return {
    ...shapeOf(maps, halving.length, who, size),
    channels: each,
    ndf,
    ...capOf(features, ndf, halving.length),
    ...(kernel === 5 ? { kernel } : {}),
    firstLayer: inner.has("conv1.weight") ? "project" : "transposed",
    ...(vectors ? { classes: namelessClasses(vectors) } : {}),
    pack: inputs / each,
    dNorm: isSpectral ? "spectral" : hasBias && !isNormed && !isSame ? "none" : "batch",
  };
}

/** The architecture of a generator with classes, whose first layer takes their vectors as well. */
function withVectors(
  architecture: GeneratorArchitecture,
  vectors: Shaped | undefined,
  source: string,
): GeneratorArchitecture {
  if (!vectors) return architecture;
  const [, length] = vectors.shape as [number, number];
  const latent = architecture.latent - length;
  if (latent >= 1) return { ...architecture, latent, classes: namelessClasses(vectors), classVector: length };
  throw new RangeError(
    `${source} is another kind of generator: its first layer must take more than the ${length} numbers of a class in ` +
      `'embed.weight', found ${architecture.latent}`,
  );
}

function architectureOf(
  tensors: NamedShapes,
  source: string,
  size: ImageSize | undefined,
): GeneratorArchitecture {
  const kernels = kernelsOf(tensors);
  const who = `${source} is another kind of generator`;
  const last = kernels.at(-1)!.shape as Kernel;
  const first = kernels[0]!.shape as Kernel;
  const project = tensors.get("project.weight")?.shape;
  const upsampling = last[2] === 3 ? "nearest" : "transposed";
  const hidden = project ? kernels : kernels.slice(1);
  const expected = upsampling === "transposed" && last[2] !== 5 ? 4 : last[2];
  const odd = hidden.find(({ shape }) => shape[2] !== expected || shape[3] !== expected);
  if (odd) {
    throw new RangeError(
      `${who}: it must upsample with kernels of 4x4 or 5x5, or with nearest upsampling and kernels of 3x3, ` +
        `found ${odd.shape[2]}x${odd.shape[3]} in '${odd.name}'`,
    );
  }
  // A transposed convolution gives the second of its axes, and the others take what the first layer gives
  const maps = !project || upsampling === "nearest" ? first[1] : first[0];
  const base = project ? project[0]! / maps : sidesOfKernel(first);
  // After nearest upsampling the last convolution does not double
  const count = hidden.length - (upsampling === "nearest" ? 1 : 0);
  const ngf = upsampling === "nearest" ? last[1] : last[0];
  const biases = [...project ? ["project"] : [], ...kernels.map(({ name }) => name.replace(/\.weight$/, ""))]
    .map((name) => tensors.has(`${name}.bias`));
  const gNorm = hasNorms(tensors) ? "batch" : "none";
  const isUsual = biases.every((bias, at) =>
    bias === (gNorm === "none" || (upsampling === "nearest" && at === biases.length - 1))
  );
  return {
    ...shapeOf(base, count, who, size),
    channels: upsampling === "nearest" ? last[0] : last[1],
    ngf,
    ...capOf(maps, ngf, hidden.length),
    latent: project ? project[1]! : first[0],
    firstLayer: project ? "project" : "transposed",
    upsampling,
    ...(expected === 5 ? { kernel: expected } : {}),
    ...(gNorm === "none" ? { gNorm } : {}),
    ...(isUsual ? {} : { biases }),
  };
}

/** The first few of many names. */
function listed(names: readonly string[]): string {
  if (names.length === 0) return "no tensors";
  return names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "");
}
