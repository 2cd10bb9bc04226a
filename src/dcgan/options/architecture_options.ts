import type { Channels, ImageSize } from "../../pictures/mod.ts";

/** What the two networks are. */
export interface ArchitectureOptions {
  /**
   * Edge of square images in pixels, or width and height of others, such as `"64x48"`: sides from 8 to 512,
   * the longer at most four times the shorter, that are those of the generator's first maps (`base`), doubled
   * at least once. The number of layers follows from it.
   *
   * @default {64}
   */
  size?: ImageSize;
  /**
   * Channels of an image: 1 for gray, 3 for color, or one more with alpha, 2 or 4. Without it the dataset
   * decides.
   */
  channels?: Channels;
  /**
   * The shorter side of the generator's first maps, from 2 to 16, so that 32 is 4 * 2^3 or 8 * 2^2. Without
   * it 4 to 7, whichever doubles to the size.
   */
  base?: number;
  /**
   * Side of the kernels with a stride: 4 as in PyTorch's example, or 5 as in the paper's code. Convolutions
   * after nearest upsampling have kernels of 3x3 in either case.
   *
   * @default {4}
   */
  kernel?: 4 | 5;
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
   * Feature maps of a layer at most, in both networks; not below `ngf` and `ndf`. Without it there is no
   * limit.
   */
  maxMaps?: number;
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
   * The generator's first layer: a transposed convolution from 1x1, or the paper's dense projection and
   * reshape.
   *
   * @default {"transposed"}
   */
  firstLayer?: "transposed" | "project";
  /**
   * How the generator doubles its maps: by strided transposed convolution, or by nearest neighbor and a
   * convolution.
   *
   * @default {"transposed"}
   */
  upsampling?: "transposed" | "nearest";
  /**
   * Images that the discriminator judges at once, in its channels (PacGAN, Lin et al. 2018), so that it sees
   * samples that are alike; see `packImages()`. It must divide `batch`.
   *
   * @default {1}
   */
  pack?: number;
  /**
   * The discriminator's normalization: batch norm, spectral norm of all weights (Miyato et al. 2018; f32
   * only), or none. Without batch norm, convolutions have biases, and with no norm at all they start with
   * He-normal weights.
   *
   * @default {"batch"}
   */
  dNorm?: "batch" | "none" | "spectral";
  /**
   * The generator's normalization: batch norm, or none. Without it, all layers have biases and start with
   * weights that keep the scale of what passes through them.
   *
   * @default {"batch"}
   */
  gNorm?: "batch" | "none";
  /**
   * Tells both networks the class of each image (Miyato and Koyama 2018), so that samples can be drawn of
   * each: the name of a label of the dataset, or true if it has only one with classes. With folders of
   * pictures, the folders are the classes. Not with `pack`.
   *
   * @default {false}
   */
  conditional?: boolean | string;
}
