import { host } from "../../host/host.ts";
import type { Trainer } from "../trainer.ts";
import type { TrainingRanks } from "./rank_messages.ts";
import { readState } from "./rank_state.ts";

/**
 * Throws on all ranks unless they have the same weights, and all else that the next step depends on. Their adapters may have
 * one name, and round in different ways.
 *
 * @throws {RangeError} naming the first rank that has others than rank 0.
 */
export async function expectAlike(ranks: TrainingRanks, trainer: Trainer): Promise<void> {
  const own = new TextEncoder().encode(host().sha256().update(await readState(trainer)).digest("hex"));
  const all = new Uint8Array(own.length * ranks.size);
  await ranks.gather(own, all);
  const of = (rank: number) =>
    new TextDecoder().decode(all.subarray(rank * own.length, (rank + 1) * own.length));
  const differing = Array.from({ length: ranks.size }, (_, rank) => rank).find((rank) => of(rank) !== of(0));
  if (differing === undefined) return;
  throw new RangeError(
    `Cannot go on with ${ranks.size} ranks: after step ${trainer.steps} all must have the same weights, and rank ${differing} ` +
      "has others than rank 0. Their adapters or drivers round in different ways: give all ranks the same",
  );
}
