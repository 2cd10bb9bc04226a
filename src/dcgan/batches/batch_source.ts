import type { Shards, Tensor } from "../../gpu/mod.ts";

/** How a source reads its pictures. */
export interface ReadingOptions {
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined;
  /** The shards of a batch whose pictures are wanted; all by default. The others hold anything. */
  readonly shards?: Shards | undefined;
}

/**
 * Where a trainer's batches come from. The same dataset, seed and step give the same batch, whichever source
 * it is.
 */
export interface BatchSource extends Disposable {
  /**
   * The pictures of the step that the counter holds when it runs. Called while a step is recorded, once
   * for each program of a trainer.
   *
   * @param counter The step: u32 `[1]`.
   * @returns `[batch * dSteps, size, size, channels]` from -1 to 1: a batch for each update of the
   * discriminator.
   */
  record(counter: Tensor): Tensor;
  /**
   * The class of each of these pictures, u32 `[batch * dSteps]`, for networks that are told classes. Called
   * after {@linkcode record}.
   */
  recordLabels?(counter: Tensor): Tensor;
  /**
   * Sees to it that what is submitted next finds the pictures of a step.
   *
   * @param step Steps done before it.
   * @returns nothing to wait for if they are already there.
   */
  prepare(step: number): Promise<void> | undefined;
}
