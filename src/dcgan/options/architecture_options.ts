/** Edge lengths that the networks can have: 4 or 7, doubled at least once; 16 is the smallest of the fours. */
export type ImageSize = 14 | 16 | 28 | 32 | 56 | 64 | 112 | 128 | 224 | 256 | 448 | 512;

/** What the two networks are. */
export interface ArchitectureOptions {
  /**
   * Edge of the square images, in pixels: 4 * 2^n or 7 * 2^n. The number of layers follows from it.
   *
   * @default {64}
   */
  size?: ImageSize;
  /** Channels of an image, 1 for gray and 3 for color. Without it the dataset decides. */
  channels?: 1 | 3;
  /**
   * Feature maps of the generator's last hidden layer; each layer before it has twice as many.
   *
   * @default {64}
   */
  ngf?: number;
  /**
   * Feature maps of the discriminator's first layer; each layer after it has twice as many.
   *
   * @default {64}
   */
  ndf?: number;
  /**
   * Length of the latent vector.
   *
   * @default {100}
   */
  latent?: number;
  /**
   * Distribution of the latent: N(0, 1), or the paper's uniform distribution on [-1, 1].
   *
   * @default {"normal"}
   */
  latentDistribution?: "normal" | "uniform";
  /**
   * The generator's first layer: a transposed convolution from 1x1, or the paper's dense projection and reshape.
   *
   * @default {"transposed"}
   */
  firstLayer?: "transposed" | "project";
  /**
   * How the generator doubles its maps: by strided transposed convolution, or by nearest neighbor and a convolution.
   *
   * @default {"transposed"}
   */
  upsampling?: "transposed" | "nearest";
  /**
   * Images that the discriminator judges at once, in its channels (PacGAN, Lin et al. 2018), so that it sees samples that
   * are alike; see `packImages()`. It must divide `batch`.
   *
   * @default {1}
   */
  pack?: number;
  /**
   * The discriminator's normalization: batch norm, spectral norm of all weights (Miyato et al. 2018; f32 only), or none.
   * Without batch norm, convolutions have biases, and with no norm at all they start with He-normal weights.
   *
   * @default {"batch"}
   */
  dNorm?: "batch" | "none" | "spectral";
  /**
   * The generator's normalization: batch norm, or none. Without it, all layers have biases and start with weights that
   * keep the scale of what passes through them.
   *
   * @default {"batch"}
   */
  gNorm?: "batch" | "none";
  /**
   * Tells both networks the class of each image (Miyato and Koyama 2018), so that samples can be drawn of each: the name
   * of a label of the dataset, or true if it has only one with classes. With folders of pictures, the folders are the
   * classes. Not with `pack`.
   *
   * @default {false}
   */
  conditional?: boolean | string;
}
