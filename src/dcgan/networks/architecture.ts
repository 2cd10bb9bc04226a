/** What both networks are built from. */
export interface Architecture {
  /** Edge of the square pictures: 4 or 7, doubled at least once. */
  readonly size: number;
  /** Channels of a picture: 1 or 3. */
  readonly channels: number;
  /** Feature maps of the generator's last hidden layer. */
  readonly ngf: number;
  /** Feature maps of the discriminator's first layer. */
  readonly ndf: number;
  /** Length of the latent vector. */
  readonly latent: number;
  /** A transposed convolution from 1x1, or the paper's dense projection; the discriminator ends the same way. */
  readonly firstLayer: "transposed" | "project";
  /** Strided transposed convolutions, or nearest upsampling and convolutions. */
  readonly upsampling: "transposed" | "nearest";
  /**
   * Pictures that the discriminator takes at once, in its channels; see `packImages()`.
   *
   * @default {1}
   */
  readonly pack?: number;
  /**
   * What the discriminator is normalized by: batch norms of its hidden layers, the spectral norms of all of its weights,
   * or nothing. Without batch norm, its hidden convolutions have biases, and with no norm at all He-normal weights.
   *
   * @default {"batch"}
   */
  readonly dNorm?: "batch" | "none" | "spectral";
  /**
   * What the generator's hidden layers are normalized by: batch norm, or nothing. Without it, all of its layers have
   * biases and weights that keep the scale of what passes through them.
   *
   * @default {"batch"}
   */
  readonly gNorm?: "batch" | "none";
  /**
   * Names of the classes that both networks are told of each image; see `createGenerator()` and `createDiscriminator()`.
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
   * Whether each of the generator's layers with a weight has a bias, first to last, batch norms not counted. PyTorch's
   * layers have one by default.
   *
   * @default {all have one without batch norm; with it, only the last one after nearest upsampling}
   */
  readonly biases?: readonly boolean[];
}

/** The edge that the generator starts from, and how often it is doubled. */
export interface Doublings {
  /** Edge of the smallest maps. */
  readonly base: number;
  /** Doublings from there to the size. */
  readonly count: number;
}

/**
 * How a size is reached by doubling.
 *
 * @throws {RangeError} if it is not 4 or 7 doubled at least once.
 */
export function doublingsOf(size: number): Doublings {
  for (const base of [4, 7]) {
    const count = Math.log2(size / base);
    if (Number.isInteger(count) && count >= 1) return { base, count };
  }
  throw new RangeError(
    `Cannot build networks for images of ${size}x${size}: the size must be 4 or 7, doubled at least once: 8, 14, 16, 28, ...`,
  );
}
