import {
  accumulate,
  type Device,
  inShards,
  type Meeting,
  ShardRows,
  type Shards,
  type Tensor,
} from "../../gpu/mod.ts";
import { modulesOf, type Network } from "../../nn/mod.ts";

/** How the parts of a batch pass through a step. */
export interface PartPasses {
  /** Runs a pass of each part of the batch that the program has, and gives what it returned for each. */
  each<Part, Result>(parts: readonly Part[], pass: PartPass<Part, Result>): Result[];
  /** Adds up a network's gradients. What passes found of their parts is then known of all parts of the batch. */
  addUp<Found extends object>(network: Network, found: readonly Found[]): Found[];
}

/** A pass of a part, at a place among the program's own. It adds gradients to those that are there if `accumulate` is set. */
type PartPass<Part, Result> = (part: Part, place: number, accumulate: boolean) => Result;

/** One after another: each pass adds its gradients to those of the passes before. */
export const IN_TURN: PartPasses = {
  each: (parts, pass) => parts.map((part, place) => pass(part, place, place > 0)),
  addUp: (_, found) => [...found],
};

/** Side by side, in shards, whose gradients are added up at the end. */
export function besideEachOther(device: Device, shards: Shards): PartPasses {
  const { count, first, end } = shards;
  return {
    each: (parts, pass) =>
      inShards(device, shards, (shard) => pass(parts[shard - first]!, shard - first, false)),
    addUp: <Found extends object>(network: Network, found: readonly Found[]): Found[] => {
      if (end - first === count) {
        network.shardGradients.addUp(shards, []);
        return [...found];
      }
      const parts = found.map((part) => Object.entries<Tensor>(part as Record<string, Tensor>));
      const rows = parts[0]!.map(([, { shape }]) => new ShardRows(device, shards, shape));
      const meetings = rows.map(({ tensor, length: row }): Meeting => ({
        kind: "gather",
        tensor,
        row,
        own: [first, end],
      }));
      for (const [at, part] of parts.entries()) {
        for (const [which, [, tensor]] of part.entries()) {
          accumulate(rows[which]!.of(first + at), tensor, false);
        }
      }
      network.shardGradients.addUp(shards, meetings);
      const allOf = (shard: number) => parts[0]!.map(([name], which) => [name, rows[which]!.of(shard)]);
      return Array.from({ length: count }, (_, shard) => Object.fromEntries(allOf(shard)) as Found);
    },
  };
}

/**
 * Throws unless the shards are some of a batch, and networks may pass in them.
 *
 * @throws {RangeError} if there are no such shards.
 * @throws {TypeError} if a module changes in each pass.
 */
export function checkShards(
  { count, first, end }: Shards,
  networks: Readonly<Record<string, Network>>,
): void {
  const own = end - first;
  const isBranch = own === count || Number.isInteger(Math.log2(own)) && first % own === 0;
  const isPart = [count, first, end].every(Number.isInteger) && 0 <= first && first < end && end <= count;
  if (!isPart || count % own !== 0 || !isBranch) {
    throw new RangeError(
      `Cannot take a training step: the shards must be all of a batch or an equal part of them, 1, 2, 4, 8 or so on, ` +
        `found ${first} to ${end - 1} of ${count}`,
    );
  }
  for (const [name, { module }] of Object.entries(networks)) {
    const changing = modulesOf(module).find((part) => part.changesInPasses);
    if (!changing) continue;
    throw new TypeError(
      `Cannot take a training step in shards: no module of the ${name} may change in each pass, as spectral norm and ` +
        `dropout do, found ${changing}`,
    );
  }
}
