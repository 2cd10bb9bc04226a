import {
  accumulate,
  add,
  type Meeting,
  recordMeeting,
  shardOf,
  type Shards,
  type Tensor,
} from "../../gpu/mod.ts";
import { addHalves, packHalves, unpackHalves } from "./half_gradients.ts";
import { sliceRow } from "./row_slices.ts";

/** Pieces that programs exchange are multiples of so many floats: slices want 64, also of two packed in one. */
const PIECE_STEP = 128;

/**
 * The gradients of a network while a batch passes in shards. The program's first shard has the network's own row, each
 * other one a row besides it; they are added up in pairs, then pairs of pairs, so that programs with fewer shards, which add
 * up a branch of that tree each, find the same bits together.
 */
export class ShardGradients implements Disposable {
  readonly #gradients: Tensor;
  readonly #cut: (row: Tensor) => readonly Tensor[];
  readonly #slices: readonly Tensor[];
  readonly #scale: number;
  readonly #others: { readonly row: Tensor; readonly slices: readonly Tensor[] }[] = [];

  /**
   * Of a row of gradients.
   *
   * @param cut Slices of the parameters, from a row.
   * @param scale What gradients are multiplied with in 16 bits.
   */
  constructor(gradients: Tensor, cut: (row: Tensor) => readonly Tensor[], scale: number) {
    this.#scale = scale;
    this.#gradients = gradients;
    this.#cut = cut;
    this.#slices = cut(gradients);
  }

  /** Slices of the parameters: those of the shard that is being recorded, if one is. */
  get slices(): readonly Tensor[] {
    const shard = shardOf(this.#gradients.device);
    if (!shard || shard.isFirst) return this.#slices;
    const place = shard.index - shard.shards.first - 1;
    for (let at = 0; at <= place; at++) {
      // A program that they were made for frees them with its own tensors
      if (this.#others[at]?.row.disposed === false) continue;
      const row = this.#gradients.device.state(this.#gradients.shape);
      this.#others[at] = { row, slices: this.#cut(row) };
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
    const { device } = this.#gradients;
    const way = shards.gradients === "f16" ? inHalves(this.#scale) : INSIDE;
    const rows = [this.#gradients, ...this.#others.map(({ row }) => row)].slice(0, end - first).map((row) =>
      sliceRow(row)
    );
    for (const part of rows[0]!.keys()) addInTree(rows.map((parts) => parts[part]!), way.add);
    if (end - first === count) return;
    // What is passed at once, with what comes of others, fits a binding
    const bindable = device.adapter.limits.maxStorageBufferBindingSize / Float32Array.BYTES_PER_ELEMENT;
    const most = Math.floor(bindable / 2 / PIECE_STEP) * PIECE_STEP;
    const { size } = this.#gradients;
    for (let at = 0; at < size; at += most) {
      const part = size <= most
        ? this.#gradients
        : device.slice(this.#gradients, at, [Math.min(most, size - at)]);
      exchange(part, shards, way, at === 0 ? meetings : []);
    }
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

/** How gradients are added up, and passed. */
interface Way {
  /** Adds a row to another one, which it gives back. */
  add(target: Tensor, other: Tensor): Tensor;
  /** The sum of two parts that were passed, which may lie in one buffer. */
  sum(a: Tensor, b: Tensor): Tensor;
  /** What is passed of a row. */
  pack(row: Tensor): Tensor;
  /** The row, in memory of its own, or written over another one. */
  unpack(packed: Tensor, into?: Tensor): Tensor;
}

/** As they are. */
const INSIDE: Way = {
  add: (target, other) => {
    accumulate(target, other, true);
    return target;
  },
  sum: (a, b) => add(a, b).detach(),
  pack: (row) => row,
  unpack: (packed) => packed,
};

/** In 16 bits, at a scale: rounded before the first sum, and after each. So it does not matter where they are passed. */
function inHalves(scale: number): Way {
  const sum = (target: Tensor, other: Tensor): Tensor => {
    addHalves(target, other, scale);
    return target;
  };
  return {
    add: sum,
    sum,
    pack: (row) => packHalves(row, scale),
    unpack: (packed, into = packed.device.empty([2 * packed.size])) => {
      unpackHalves(packed, into, scale);
      return into;
    },
  };
}

/** Adds up a part of the row of all programs: each is given a piece of what all have, and passes its sum on. */
function exchange(row: Tensor, { count, first, end }: Shards, way: Way, meetings: readonly Meeting[]): void {
  const { device, size } = row;
  const programs = count / (end - first);
  const rank = first / (end - first);
  const given = way.pack(row);
  // Floats that are passed for each of the row
  const share = given.size / size;
  const piece = Math.ceil(size / programs / PIECE_STEP) * PIECE_STEP;
  const parts = device.empty([programs, piece * share]);
  recordMeeting(device, [{ kind: "scatter", values: given, parts }, ...meetings]);
  const [from, to] = [Math.min(size, rank * piece), Math.min(size, (rank + 1) * piece)];
  const passed = given === row ? row : device.empty(given.shape);
  if (from < to) {
    const own = device.slice(row, from, [to - from]);
    const all = Array.from({ length: programs }, (_, at) => {
      if (at === rank) return own;
      const part = device.slice(parts, at * piece * share, [(to - from) * share]);
      return way.unpack(part);
    });
    const sum = addInTree(all, way.sum);
    if (sum !== own) accumulate(own, sum, false);
    if (passed !== row) {
      accumulate(device.slice(passed, from * share, [(to - from) * share]), way.pack(own), false);
    }
  }
  recordMeeting(device, [{ kind: "gather", tensor: passed, row: piece * share, own: [rank, rank + 1] }]);
  if (passed !== row) way.unpack(passed, row);
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
