import type { Peers } from "../../gpu/mod.ts";
import type { TrainOptions } from "../options/options.ts";
import type { TrainHooks } from "../parts/trainer_parts.ts";

/** Shards of a run that does not say how many, on few ranks. */
const USUAL_SHARDS = 8;

/**
 * The options of a fresh run on ranks: if it does not say how many shards it has, these are as many for 1, 2, 4 or 8
 * ranks, so that all of them train the same networks.
 */
export function withShards(options: TrainOptions, ranks: Pick<Peers, "size"> | undefined): TrainOptions {
  if (!ranks || options.shards !== undefined) return options;
  let shards = ranks.size;
  while (shards < USUAL_SHARDS) shards *= 2;
  return { ...options, shards };
}

/**
 * Throws if a script does what other ranks do not know of.
 *
 * @throws {TypeError} naming it.
 */
export function expectAllRanks({ ranks, beforeStep }: TrainHooks): void {
  if (!ranks || ranks.size === 1 || !beforeStep) return;
  throw new TypeError(
    `Cannot train on ${ranks.size} ranks: train() must have no beforeStep, which the other ranks would not do, found one`,
  );
}
