/**
 * What kind of network a state dict is of, by the names and shapes of its tensors.
 *
 * @module
 */

import { withoutPrefix } from "../../nn/mod.ts";

/** Tensors by PyTorch's names, of which only the shapes matter. */
export type NamedShapes<T extends Shaped = Shaped> = ReadonlyMap<string, T>;

/** Something with a shape. */
export interface Shaped {
  /** Extents in PyTorch's order, outermost first. */
  readonly shape: readonly number[];
}

/** A network's tensors, those that know its classes set apart. */
export interface WithoutClasses<T extends Shaped> {
  /** The others, without what all of their names begin with. */
  readonly layers: ReadonlyMap<string, T>;
  /** The vectors of the classes, `[classes, length]`, if there are any. */
  readonly vectors?: T;
}

/** Sets what is under the name `embed` apart. */
export function withoutClasses<T extends Shaped>(tensors: NamedShapes<T>): WithoutClasses<T> {
  const named = withoutPrefix(tensors);
  const vectors = named.get("embed.weight") ?? named.get("embed.weight_orig");
  if (vectors?.shape.length !== 2) return { layers: named };
  const layers = [...named].filter(([name]) => !name.startsWith("embed."));
  return { layers: withoutPrefix(new Map(layers)), vectors };
}

/** Names of classes of which only the number is known: `0`, `1`, ... */
export function namelessClasses({ shape: [count = 0] }: Shaped): string[] {
  return Array.from({ length: count }, (_, at) => `${at}`);
}

/** A projection or a transposed convolution, then a batch norm of its outputs, or no norm anywhere. */
export function isGenerator(tensors: NamedShapes): boolean {
  const shapeOf = (name: string) => tensors.get(`${name}.weight`)?.shape ?? [];
  const kernels = kernelsOf(tensors);
  const isNormed = hasNorms(tensors);
  if (shapeOf("project").length === 2 && (shapeOf("bn0").length === 1 || !isNormed)) {
    return kernels.length > 0;
  }
  const [first, norm] = [shapeOf("0"), shapeOf("1")];
  if (first.length !== 4 || kernels.length < 2) return false;
  if (isNormed) return norm.length === 1 && norm[0] === first[1];
  const bias = tensors.get("0.bias")?.shape[0] ?? first[1];
  return bias === first[1] && isUpsampling(kernels);
}

/** Whether there are norms. Their weights have one axis. */
export function hasNorms(tensors: NamedShapes): boolean {
  return [...tensors].some(([name, { shape }]) => name.endsWith(".weight") && shape.length === 1);
}

/**
 * Whether kernels, of which the first is of a transposed convolution, each take what the one before gives,
 * and end in the channels of a picture: either all of them are transposed, or the others are convolutions of
 * 3x3.
 */
function isUpsampling(kernels: readonly { readonly shape: readonly number[] }[]): boolean {
  const shapes = kernels.map(({ shape }) => shape as Kernel);
  const side = shapes.at(-1)![2];
  const isNearest = side === 3;
  if (!isNearest && side !== 4 && side !== 5) return false;
  const [takes, gives] = isNearest ? [1, 0] as const : [0, 1] as const;
  let width = shapes[0]![1];
  for (const shape of shapes.slice(1)) {
    if (shape[takes] !== width || shape[2] !== side) return false;
    width = shape[gives];
  }
  return width <= MOST_CHANNELS;
}

/** Convolutions from the channels of a picture, or of several packed pictures, to a single number. */
export function isDiscriminator(tensors: NamedShapes): boolean {
  const kernels = kernelsOf(tensors);
  const last = tensors.get("fc.weight") ?? kernels.at(-1);
  const fewest = tensors.has("fc.weight") ? 1 : 2;
  return kernels.length >= fewest && takesPictures(kernels[0]!) && last?.shape[0] === 1 &&
    !isGenerator(tensors);
}

/**
 * Whether a first kernel takes few channels, or is called as in `createDiscriminator()`, whose pictures may
 * be packed.
 */
function takesPictures(
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
): boolean {
  return shape[1]! <= MOST_CHANNELS || name === "0.weight" || name === "conv1.weight";
}

/** Channels of a picture at most, with one for transparency. */
export const MOST_CHANNELS = 4;

/** Shape of a convolution's weight in PyTorch. */
export type Kernel = readonly [first: number, second: number, height: number, width: number];

/**
 * The weights of convolutions, in the order of their numbers: `conv10` comes after `conv9`, wherever files
 * have it.
 */
export function kernelsOf(tensors: NamedShapes): { name: string; shape: readonly number[] }[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...tensors]
    .filter(([name, { shape }]) => name.endsWith(".weight") && shape.length === 4)
    .map(([name, { shape }]) => ({ name, shape }))
    .sort((a, b) => compare(a.name, b.name));
}

/** What PyTorch's spectral norm calls the weight that it divides, and its vectors. */
const SPECTRAL = { weight: /\bweight_orig$/, vectors: /\bweight_[uv]$/ } as const;

/** The tensors as they would be named without spectral norms. */
export function withPlainWeights<T extends Shaped>(tensors: NamedShapes<T>): NamedShapes<T> {
  return new Map(
    [...tensors].filter(([name]) => !SPECTRAL.vectors.test(name))
      .map(([name, tensor]) => [name.replace(SPECTRAL.weight, "weight"), tensor]),
  );
}
