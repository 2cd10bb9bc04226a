import { withoutPrefix } from "../../nn/mod.ts";
import { type Architecture, doublingsOf } from "./architecture.ts";

/** What a generator's state dict says about its architecture. */
export type GeneratorArchitecture = Omit<Architecture, "ndf" | "dNorm">;

/** What a discriminator's state dict says about its architecture. */
export type DiscriminatorArchitecture =
  & Pick<Architecture, "size" | "channels" | "ndf" | "firstLayer">
  & Required<Pick<Architecture, "dNorm">>;

/** Tensors by PyTorch's names, of which only the shapes matter. */
export type NamedShapes<T extends Shaped = Shaped> = ReadonlyMap<string, T>;

/** Something with a shape. */
export interface Shaped {
  /** Extents in PyTorch's order, outermost first. */
  readonly shape: readonly number[];
}

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
 * @throws {RangeError} if it is none of the generators that `createGenerator` makes.
 */
export function inferGenerator(tensors: NamedShapes, source = "The state dict"): GeneratorArchitecture {
  return pickGenerator(tensors, source).architecture;
}

/**
 * The one generator among tensors: a file may hold a discriminator as well, or what is around them.
 *
 * @throws {RangeError} if there is none, or several, or one that `createGenerator` does not make.
 */
export function pickGenerator<T extends Shaped>(
  tensors: NamedShapes<T>,
  source = "The state dict",
): PickedGenerator<T> {
  const networks = [...networksIn(tensors)];
  const generators = networks.filter(([, inner]) => isGenerator(inner));
  const [first] = generators;
  if (first && generators.length === 1) {
    const own = new Set(first[1].values());
    const named = [...tensors].filter(([, tensor]) => own.has(tensor));
    return { tensors: new Map(named), architecture: architectureOf(first[1], source) };
  }
  if (first) {
    throw new RangeError(
      `${source} holds ${generators.length} generators: ${generators.map(([path]) => path).join(", ")}. ` +
        `Save only one of them`,
    );
  }
  if (networks.some(([, inner]) => isDiscriminator(inner))) {
    throw new RangeError(
      `Cannot draw from ${source}: it must be a generator, found a discriminator. Name the file of its generator`,
    );
  }
  throw new RangeError(
    `${source} is not a generator: it must have 'main.0.weight' and 'main.1.weight', or 'project.weight' and ` +
      `'bn0.weight', and convolutions, found ${listed([...tensors.keys()])}`,
  );
}

/** The width of a discriminator's first layer, read off its PyTorch state dict. */
export function inferDiscriminatorWidth(tensors: NamedShapes): number {
  const inner = withoutPrefix(tensors);
  const first = inner.get("0.weight") ?? inner.get("conv1.weight");
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
 * @throws {RangeError} if it is none of the discriminators that `createDiscriminator` makes.
 */
export function inferDiscriminator(
  tensors: NamedShapes,
  source = "The state dict",
): DiscriminatorArchitecture {
  const inner = withoutPrefix(tensors);
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
  const base = dense ? Math.sqrt(dense[1]! / features) : kernels.at(-1)!.shape[2]!;
  const size = base * 2 ** halving.length;
  try {
    doublingsOf(size);
  } catch (cause) {
    throw new RangeError(`${source} is another kind of discriminator: ${(cause as Error).message}`, {
      cause,
    });
  }
  const [ndf, channels] = halving[0]!.shape as Kernel;
  // The weights of norms have one axis. A single layer has none; before a dense layer it then is the same either way.
  const isNormed = [...inner].some(([name, { shape }]) => name.endsWith(".weight") && shape.length === 1);
  const hasBias = inner.has(halving.at(-1)!.name.replace(/weight$/, "bias"));
  const isSame = dense !== undefined && halving.length === 1;
  return {
    size,
    channels,
    ndf,
    firstLayer: dense ? "project" : "transposed",
    dNorm: hasBias && !isNormed && !isSame ? "none" : "batch",
  };
}

/** The tensors themselves or, if they are not one of our networks, those under each of their first names. */
function* networksIn<T extends Shaped>(
  tensors: NamedShapes<T>,
  path = "",
): Generator<[path: string, tensors: ReadonlyMap<string, T>]> {
  const inner = withoutPrefix(tensors);
  if (isGenerator(inner) || isDiscriminator(inner)) return yield [path, inner];
  const parts = Map.groupBy(inner, ([name]) => name.split(".")[0]!);
  if (parts.size < 2) return;
  for (const [name, members] of parts) {
    yield* networksIn(new Map(members), path === "" ? name : `${path}.${name}`);
  }
}

/** A projection or a transposed convolution, and a batch norm of its outputs. */
function isGenerator(tensors: NamedShapes): boolean {
  const shapeOf = (name: string) => tensors.get(`${name}.weight`)?.shape ?? [];
  if (shapeOf("project").length === 2 && shapeOf("bn0").length === 1) return kernelsOf(tensors).length > 0;
  const [first, norm] = [shapeOf("0"), shapeOf("1")];
  return first.length === 4 && norm.length === 1 && norm[0] === first[1] && kernelsOf(tensors).length > 1;
}

/** Convolutions from the channels of a picture to a single number. */
function isDiscriminator(tensors: NamedShapes): boolean {
  const kernels = kernelsOf(tensors);
  const last = tensors.get("fc.weight") ?? kernels.at(-1);
  const fewest = tensors.has("fc.weight") ? 1 : 2;
  return kernels.length >= fewest && kernels[0]!.shape[1]! <= 4 && last?.shape[0] === 1 &&
    !isGenerator(tensors);
}

type Kernel = readonly [first: number, second: number, height: number, width: number];

/** The weights of convolutions, in the order of their numbers: `conv10` comes after `conv9`, wherever files have it. */
function kernelsOf(tensors: NamedShapes): { name: string; shape: readonly number[] }[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...tensors]
    .filter(([name, { shape }]) => name.endsWith(".weight") && shape.length === 4)
    .map(([name, { shape }]) => ({ name, shape }))
    .sort((a, b) => compare(a.name, b.name));
}

function architectureOf(tensors: NamedShapes, source: string): GeneratorArchitecture {
  const kernels = kernelsOf(tensors);
  const last = kernels.at(-1)!.shape as Kernel;
  const first = kernels[0]!.shape as Kernel;
  const project = tensors.get("project.weight")?.shape;
  const upsampling = last[2] === 3 ? "nearest" : "transposed";
  const hidden = project ? kernels : kernels.slice(1);
  const expected = upsampling === "nearest" ? 3 : 4;
  const odd = hidden.find(({ shape }) => shape[2] !== expected || shape[3] !== expected);
  if (odd) {
    throw new RangeError(
      `${source} is another kind of generator: it must upsample with kernels of 4x4, or with nearest upsampling and kernels of ` +
        `3x3, found ${odd.shape[2]}x${odd.shape[3]} in '${odd.name}'`,
    );
  }
  const base = project ? Math.sqrt(project[0]! / tensors.get("bn0.weight")!.shape[0]!) : first[2];
  // After nearest upsampling the last convolution does not double
  const size = base * 2 ** (hidden.length - (upsampling === "nearest" ? 1 : 0));
  try {
    doublingsOf(size);
  } catch (cause) {
    throw new RangeError(`${source} is another kind of generator: ${(cause as Error).message}`, { cause });
  }
  const biases = [...project ? ["project"] : [], ...kernels.map(({ name }) => name.replace(/\.weight$/, ""))]
    .map((name) => tensors.has(`${name}.bias`));
  const isUsual = biases.every((bias, at) => bias === (upsampling === "nearest" && at === biases.length - 1));
  return {
    size,
    channels: upsampling === "nearest" ? last[0] : last[1],
    ngf: upsampling === "nearest" ? last[1] : last[0],
    latent: project ? project[1]! : first[0],
    firstLayer: project ? "project" : "transposed",
    upsampling,
    ...(isUsual ? {} : { biases }),
  };
}

/** The first few of many names. */
function listed(names: readonly string[]): string {
  if (names.length === 0) return "no tensors";
  return names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "");
}
