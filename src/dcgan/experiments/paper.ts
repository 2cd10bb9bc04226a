/**
 * Figures of the paper (Radford, Metz and Chintala 2015, arXiv:1511.06434) beside which experiments put
 * theirs.
 *
 * @module
 */

/** Floating-point operations and memory on the GPU. */
export interface Cost {
  /** Floating-point operations, a multiply-add counted as two. */
  readonly flop: number;
  /** Bytes on the GPU. */
  readonly bytes: number;
}

/** Tables 1 and 2. */
export const PAPER_SVM = {
  /** What the discriminator was trained on. */
  trainedOn: "ImageNet-1k",
  /** Numbers that describe an image of CIFAR-10. */
  features: 28_672,
  /** Images of CIFAR-10 to train on. */
  images: 50_000,
  /** Images of CIFAR-10 to test with. */
  tested: 10_000,
  /** Classes of CIFAR-10. */
  classes: 10,
  /** Accuracy for CIFAR-10 with all images. */
  accuracy: 0.828,
  /** The same with 400 images of each class: mean and standard deviation. */
  accuracy400: [0.738, 0.004],
  /** Accuracy for SVHN with 1,000 labels, 100 of each class: 22.48 % error. */
  accuracySvhn: 1 - 0.2248,
  /**
   * Operations that describe an image of 32x32: the released network has six convolutions of 3x3 with 128,
   * 128, 256, 256, 512 and 512 maps, every second of which halves them.
   */
  flopEach: 2 * 9 * (3 * 128 * 32 ** 2 + 128 * 128 * 16 ** 2 + 128 * 256 * 16 ** 2 + 256 * 256 * 8 ** 2 +
    256 * 512 * 8 ** 2 + 512 * 512 * 4 ** 2),
} as const;

/** Table 3, in the appendix: a nearest neighbor classifier on MNIST. */
export const PAPER_NEAREST_NEIGHBOR = {
  /** Error with real images. */
  imageError: 0.031,
  /** Samples, and the error with them. */
  sampleErrors: [[50_000, 0.0298], [10_000_000, 0.0148]],
  /** Test images. */
  tested: 10_000,
  /** Numbers of an image. */
  pixels: 784,
} as const;

/** Section 6.3.1. */
export const PAPER_DROP_FILTERS = {
  /** Samples that boxes were looked for in. */
  samples: 150,
  /** Boxes that were drawn. */
  boxes: 52,
  /** Maps that were dropped. */
  dropped: 200,
} as const;

/**
 * What the paper's SVM on all of CIFAR-10 takes, with as many values of C and steps for each as an experiment
 * had.
 *
 * @param values Values of C that are tried.
 * @param iterations Steps for each.
 */
export function paperSvmCost(values: number, iterations: number): Cost {
  const { images, tested, features, classes, flopEach } = PAPER_SVM;
  const products = 4 * images * features * classes * iterations * values;
  return { flop: (images + tested) * flopEach + products, bytes: 4 * images * features };
}

/** What the paper's largest nearest neighbor search takes, without drawing the samples. */
export function paperNearestNeighborCost(): Cost {
  const { sampleErrors, tested, pixels } = PAPER_NEAREST_NEIGHBOR;
  const [samples] = sampleErrors[1];
  return { flop: 2 * samples * tested * pixels, bytes: 4 * tested * pixels };
}
