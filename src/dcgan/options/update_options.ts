/** How a step updates the networks. */
export interface UpdateOptions {
  /**
   * Updates of the discriminator in each step, before the generator's: each takes the next `batch` real
   * images and fresh fake ones. Metrics are of the last.
   *
   * @default {1}
   */
  dSteps?: number;
  /**
   * Updates of the generator in each step, after the discriminator's: all but the first are of fresh fake
   * images. Metrics are of the last.
   *
   * @default {1}
   */
  gSteps?: number;
  /**
   * Equal parts of a batch that pass through the networks one after another, with their gradients added up
   * before each update: a step takes less memory. It must divide `batch`. Batch norm takes its statistics
   * from each part, as in PyTorch; without it the step is that of the whole batch.
   *
   * @default {1}
   */
  accumulate?: number;
}
