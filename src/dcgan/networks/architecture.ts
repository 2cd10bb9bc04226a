import { type ImageSides, type ImageSize, sidesOf, sizeText } from "../../pictures/image_size.ts";

/** What both networks are built from. */
export interface Architecture {
  /**
   * Width and height of the pictures, a number if they are the same: those of the first maps, doubled at
   * least once.
   */
  readonly size: ImageSize;
  /** Channels of a picture: 1 for gray, 3 for color, or one more with alpha. */
  readonly channels: number;
  /** Feature maps of the generator's last hidden layer. */
  readonly ngf: number;
  /** Feature maps of the discriminator's first layer. */
  readonly ndf: number;
  /**
   * Feature maps of a layer at most. It is not below `ngf` and `ndf`.
   *
   * @default {as many as the doublings make}
   */
  readonly maxMaps?: number | undefined;
  /** Length of the latent vector. */
  readonly latent: number;
  /**
   * A transposed convolution from 1x1, or the paper's dense projection; the discriminator ends the same way.
   */
  readonly firstLayer: "transposed" | "project";
  /** Strided transposed convolutions, or nearest upsampling and convolutions. */
  readonly upsampling: "transposed" | "nearest";
  /**
   * The shorter side of the generator's first maps, and so of the discriminator's last ones.
   *
   * @default {4 to 7, whichever doubles to the size}
   */
  readonly base?: number | undefined;
  /**
   * Side of the kernels that double or halve maps: 4 as in PyTorch's example, or 5 as in the paper's code.
   * Convolutions after nearest upsampling have kernels of 3x3 in either case.
   *
   * @default {4}
   */
  readonly kernel?: 4 | 5;
  /**
   * Pictures that the discriminator takes at once, in its channels; see `packImages()`.
   *
   * @default {1}
   */
  readonly pack?: number;
  /**
   * What the discriminator is normalized by: batch norms of its hidden layers, the spectral norms of all of
   * its weights, or nothing. Without batch norm, its hidden convolutions have biases, and with no norm at all
   * He-normal weights.
   *
   * @default {"batch"}
   */
  readonly dNorm?: "batch" | "none" | "spectral";
  /**
   * What the generator's hidden layers are normalized by: batch norm, or nothing. Without it, all of its
   * layers have biases and weights that keep the scale of what passes through them.
   *
   * @default {"batch"}
   */
  readonly gNorm?: "batch" | "none";
  /**
   * Names of the classes that both networks are told of each image; see `createGenerator()` and
   * `createDiscriminator()`.
   *
   * @default {none: the networks know nothing of classes}
   */
  readonly classes?: readonly string[] | undefined;
  /**
   * Length of the vector that the generator learns for each class.
   *
   * @default {50}
   */
  readonly classVector?: number;
  /**
   * Whether each of the generator's layers with a weight has a bias, first to last, batch norms not counted.
   * PyTorch's layers have one by default.
   *
   * @default {all have one without batch norm; with it, only the last one after nearest upsampling}
   */
  readonly biases?: readonly boolean[];
}

/** The maps that the generator starts from, and how often they are doubled. */
export interface Doublings {
  /** Sides of the smallest maps. */
  readonly base: ImageSides;
  /** Doublings from there to the size. */
  readonly count: number;
}

/** Side of the smallest maps that is not made smaller by itself. */
const USUAL_BASE = 4;

/** Sides that the smallest maps may have. */
export const BASES = { least: 2, most: 16 } as const;

/**
 * How a size is reached by doubling: from maps whose shorter side is `base`, or without it as small as whole
 * sides of at least 4 can be.
 *
 * @throws {RangeError} if the size is not such maps, doubled at least once.
 */
export function doublingsOf({ size, base }: Pick<Architecture, "size" | "base">): Doublings {
  const sides = sidesOf(size);
  const shorter = Math.min(sides.width, sides.height);
  const count = base === undefined
    ? Math.floor(Math.log2(shorter / USUAL_BASE))
    : Math.round(Math.log2(shorter / base));
  const [width, height] = [sides.width / 2 ** count, sides.height / 2 ** count];
  const isWhole = Number.isInteger(width) && Number.isInteger(height);
  if (count >= 1 && isWhole && (base === undefined || Math.min(width, height) === base)) {
    return { base: { width, height }, count };
  }
  const maps = base === undefined ? "4, 5, 6 or 7" : `${base}`;
  throw new RangeError(
    `Cannot build networks for images of ${
      sizeText(size)
    }: both sides must be whole numbers, the shorter one ${maps}, ` +
      "doubled equally often and at least once",
  );
}

/** The bases that a size can be reached from, smallest first. */
export function basesOf(size: ImageSize): number[] {
  const { width, height } = sidesOf(size);
  const found: number[] = [];
  for (let factor = 2; width % factor === 0 && height % factor === 0; factor *= 2) {
    const base = Math.min(width, height) / factor;
    if (base >= BASES.least && base <= BASES.most) found.unshift(base);
  }
  return found;
}

/** Feature maps after so many doublings of their first number. */
export function mapsAfter(doublings: number, first: number, maxMaps = Infinity): number {
  return Math.min(first * 2 ** doublings, maxMaps);
}

/** Feature maps of the generator's hidden layers, first to last. */
export function generatorMaps(
  architecture: Pick<Architecture, "size" | "base" | "ngf" | "maxMaps" | "upsampling">,
): number[] {
  const { ngf, maxMaps, upsampling } = architecture;
  const { count } = doublingsOf(architecture);
  // After nearest upsampling the last convolution does not double
  const layers = upsampling === "nearest" ? count + 1 : count;
  return Array.from({ length: layers }, (_, layer) => mapsAfter(layers - 1 - layer, ngf, maxMaps));
}
