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
  /**
   * Equal parts of a batch that are computed apart, and whose gradients, scores and statistics are added up in the order of
   * their numbers. The ranks of a run share them: any number of ranks that divides them, so that each has 1, 2, 4, 8 or so
   * on, trains the same networks to the bit. It must divide `batch`. Not with `accumulate`, nor spectral norm.
   *
   * @default {1}
   */
  shards?: number;
  /**
   * With `shards`, what batch norms normalize with in training: the statistics of the whole batch (`sync`), for which all
   * shards wait at each batch norm, or those of each shard alone (`local`), which is faster with several ranks, but is no
   * longer the step of the whole batch. Running statistics are those of the whole batch in either case.
   *
   * @default {"sync"}
   */
  bn?: "sync" | "local";
  /**
   * With `shards`, what gradients are added up and passed between ranks in: as they are, or rounded to 16 bits, each and
   * each sum of them, which halves the bytes that pass. Any number of ranks trains the same networks in either case.
   *
   * @default {"f32"}
   */
  exchange?: "f32" | "f16";
}
