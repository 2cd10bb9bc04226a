import type { Peers, Shards } from "../../gpu/mod.ts";
import { ConfigError } from "../options/config_issue.ts";
import type { StepOptions } from "../options/options.ts";

/** What says how the batch of a run is computed. */
type ShardOptions = Readonly<Partial<Pick<StepOptions, "shards" | "bn" | "exchange">>>;

/**
 * The shards of a batch that a rank of a run computes; all of them without ranks, and undefined of a run without shards.
 *
 * @throws {ConfigError} if the ranks cannot share them: each must have 1, 2, 4, 8 or so on.
 */
export function ownShards(
  { shards: count = 1, bn = "sync", exchange = "f32" }: ShardOptions,
  ranks?: Pick<Peers, "rank" | "size">,
): Shards | undefined {
  const { rank, size } = ranks ?? { rank: 0, size: 1 };
  const each = count / size;
  if (size > 1 && (each < 1 || !Number.isInteger(Math.log2(each)))) {
    const fitting = Array.from({ length: count }, (_, at) => at + 1).filter((one) =>
      one > 1 && Number.isInteger(Math.log2(count / one))
    );
    const problem = fitting.length === 0
      ? `must be more than 1 for ${size} ranks, found ${count}: try ${2 ** Math.ceil(Math.log2(size))}`
      : `must be the number of ranks times 1, 2, 4, 8 or so on, found ${count} for ${size} ranks: start ${
        fitting.join(" or ")
      } of them`;
    throw new ConfigError("Cannot train with these options", [{ option: "shards", problem }]);
  }
  if (count === 1) return undefined;
  const norms = bn === "sync" ? "batch" : "shard";
  return { count, first: rank * each, end: (rank + 1) * each, norms, gradients: exchange };
}

/** Which images of a step a program needs: those of its shards, of each of the batches one after another. */
export function isOwnImage(shards: Shards | undefined, batch: number): (place: number) => boolean {
  if (!shards) return () => true;
  const each = batch / shards.count;
  return (place) => {
    const shard = Math.floor(place % batch / each);
    return shard >= shards.first && shard < shards.end;
  };
}
