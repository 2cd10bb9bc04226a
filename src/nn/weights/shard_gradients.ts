import {
  accumulate,
  add,
  type Meeting,
  recordMeeting,
  shardOf,
  type Shards,
  type Tensor,
} from "../../gpu/mod.ts";
import { sliceRow } from "./row_slices.ts";

/** Parts that programs exchange are multiples of so many floats, as slices want it. */
const PART_STEP = 64;

/**
 * The gradients of a network while a batch passes in shards. The program's first shard has the network's own row, each
 * other one a row besides it; they are added up in pairs, then pairs of pairs, so that programs with fewer shards, which add
 * up a branch of that tree each, find the same bits together.
 */
export class ShardGradients implements Disposable {
  readonly #gradients: Tensor;
  readonly #cut: (row: Tensor) => readonly Tensor[];
  readonly #slices: readonly Tensor[];
  readonly #others: { readonly row: Tensor; readonly slices: readonly Tensor[] }[] = [];

  /**
   * Of a row of gradients.
   *
   * @param cut Slices of the parameters, from a row.
   */
  constructor(gradients: Tensor, cut: (row: Tensor) => readonly Tensor[]) {
    this.#gradients = gradients;
    this.#cut = cut;
    this.#slices = cut(gradients);
  }

  /** Slices of the parameters: those of the shard that is being recorded, if one is. */
  get slices(): readonly Tensor[] {
    const shard = shardOf(this.#gradients.device);
    if (!shard || shard.isFirst) return this.#slices;
    const place = shard.index - shard.shards.first - 1;
    for (let at = this.#others.length; at <= place; at++) {
      const row = this.#gradients.device.state(this.#gradients.shape);
      this.#others.push({ row, slices: this.#cut(row) });
    }
    return this.#others[place]!.slices;
  }

  /**
   * Adds up the gradients of all shards of a batch, in the network's own row.
   *
   * @param meetings What programs that share the batch give each other on this occasion besides the gradients.
   */
  addUp(shards: Shards, meetings: readonly Meeting[]): void {
    const { count, first, end } = shards;
    const rows = [this.#gradients, ...this.#others.map(({ row }) => row)].slice(0, end - first).map((row) =>
      sliceRow(row)
    );
    for (const part of rows[0]!.keys()) {
      addInTree(rows.map((parts) => parts[part]!), (a, b) => {
        accumulate(a, b, true);
        return a;
      });
    }
    const programs = count / (end - first);
    const { device, size } = this.#gradients;
    if (programs === 1) return meetings.forEach((meeting) => recordMeeting(device, meeting));
    const part = Math.ceil(size / programs / PART_STEP) * PART_STEP;
    const parts = device.empty([programs, part]);
    recordMeeting(device, { kind: "scatter", values: this.#gradients, parts });
    for (const meeting of meetings) recordMeeting(device, meeting);
    const rank = first / (end - first);
    const [from, to] = [Math.min(size, rank * part), Math.min(size, (rank + 1) * part)];
    if (from < to) {
      const length = to - from;
      const own = device.slice(this.#gradients, from, [length]);
      const all = Array.from(
        { length: programs },
        (_, at) => at === rank ? own : device.slice(parts, at * part, [length]),
      );
      const sum = addInTree(all, (a, b) => add(a, b).detach());
      accumulate(own, sum, false);
    }
    recordMeeting(device, { kind: "gather", tensor: this.#gradients, row: part, own: [rank, rank + 1] });
  }

  /** Frees the rows of other shards, and all slices. */
  [Symbol.dispose](): void {
    for (const slice of this.#slices) slice.dispose();
    for (const { row, slices } of this.#others) {
      for (const slice of slices) slice.dispose();
      row.dispose();
    }
  }
}

/** Adds neighbors, then neighbors of these sums, and so on. */
function addInTree<T>(all: readonly T[], sum: (a: T, b: T) => T): T {
  if (all.length === 1) return all[0]!;
  const pairs = Array.from(
    { length: Math.ceil(all.length / 2) },
    (_, at) => 2 * at + 1 < all.length ? sum(all[2 * at]!, all[2 * at + 1]!) : all[2 * at]!,
  );
  return addInTree(pairs, sum);
}
