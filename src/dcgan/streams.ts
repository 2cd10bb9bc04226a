/** The streams of random numbers that a run draws from, all under its one seed. */
export const STREAMS = {
  /** First values of the generator's parameters. */
  generator: 1,
  /** First values of the discriminator's parameters. */
  discriminator: 2,
  /** Latent vectors of training steps; the counter is the step. */
  latent: 3,
  /** Latent vectors of samples; the counter is the chunk of {@linkcode SAMPLE_CHUNK} samples. */
  samples: 4,
  /** Which pictures of a training step are mirrored; the counter is the step. */
  flips: 5,
  /** How the images of a training step are augmented; the counter is the step. */
  augmentation: 6,
  /** How much of each mix of a real and a fake image is of the real one; the counter is the step. */
  mixes: 7,
  /** Which labels of a training step are flipped; the counter is the step. */
  labelFlips: 8,
  /** Noise on the images of a training step; the counter is the step. */
  noise: 9,
  /** Noise on a latent vector for others near it. */
  neighbors: 10,
} as const;

/** Samples are drawn in chunks of this many, so that a sample depends on its seed and place alone. */
export const SAMPLE_CHUNK = 64;
