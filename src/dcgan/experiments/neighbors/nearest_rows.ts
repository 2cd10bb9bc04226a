import { defineKernel, linear, square, sum, type Tensor } from "../../../gpu/mod.ts";

/** Threads that look through the distances of one row together. */
const THREADS = 64;

/** Columns that a kernel looks through at most, as drivers end long loops: 64 threads take 16,384 each. */
const MOST_COLUMNS = 2 ** 20;

/**
 * Takes the place of the nearest row in, if it is nearer than the nearest so far. The squared distance of `x`
 * and `y` is `|x|^2 + |y|^2 - 2 x.y`, in which `|x|^2` is the same for all. Of several at the same distance
 * the first is taken.
 */
const kernel = defineKernel({
  label: "nearest row",
  bindings: {
    products: ["read", "array<f32>"],
    norms: ["read", "array<f32>"],
    distances: ["update", "array<f32>"],
    places: ["update", "array<u32>"],
  },
  uniforms: { rows: "u32", columns: "u32", start: "u32" },
  workgroup: THREADS,
  declarations: `var<workgroup> least: array<f32, ${THREADS}>;
var<workgroup> found: array<u32, ${THREADS}>;`,
  body: `  let row = group.y * groups.x + group.x;
  var best = 3.4e38;
  var place = 0xffffffffu;
  if (row < params.rows) {
    for (var column = thread; column < params.columns; column += ${THREADS}u) {
      let distance = norms[column] - 2.0 * products[row * params.columns + column];
      if (distance < best) { best = distance; place = column; }
    }
  }
  least[thread] = best;
  found[thread] = place;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) {
      let other = least[thread + half];
      let at = found[thread + half];
      if (other < least[thread] || (other == least[thread] && at < found[thread])) {
        least[thread] = other;
        found[thread] = at;
      }
    }
    workgroupBarrier();
  }
  if (thread == 0u && row < params.rows && least[0] < distances[row]) {
    distances[row] = least[0];
    places[row] = params.start + found[0];
  }`,
  iterations: ({ columns }) => Math.ceil(columns! / THREADS) + Math.log2(THREADS),
});

/**
 * The nearest of many rows to each of some probes, by squared Euclidean distance. Rows are given in blocks,
 * of which nothing is kept but the place of the nearest so far: any number of them takes the memory of one
 * block.
 *
 * Products and sums are f32, so that rows whose distances agree to about six digits of `|x|^2 + |y|^2` count
 * as equally near.
 */
export class NearestRows implements Disposable {
  #probes: Tensor;
  #distances: Tensor;
  #places: Tensor;
  #seen = 0;

  /** For probes `[count, dimensions]`, which it does not dispose. */
  constructor(probes: Tensor) {
    const { device, shape: [count = 0] } = probes;
    this.#probes = probes;
    this.#distances = device.tensor(new Float32Array(count).fill(3.4e38), { shape: [count] });
    this.#places = device.tensor(new Uint32Array(count), { shape: [count], dtype: "u32" });
  }

  /** Rows that were compared with so far. */
  get seen(): number {
    return this.#seen;
  }

  /**
   * Compares the probes with a block of rows `[rows, dimensions]`.
   *
   * @throws {RangeError} if they are more than 2^32 - 1 rows in all, or 2^20 in one block.
   */
  compare(block: Tensor): void {
    const { device, shape: [columns = 0] } = block;
    if (columns > MOST_COLUMNS || this.#seen + columns > 2 ** 32 - 1) {
      throw new RangeError(
        `Cannot compare with ${columns} more rows: a block must have at most ${MOST_COLUMNS}, and all of them 2^32 - 1, ` +
          `found ${this.#seen + columns} in all`,
      );
    }
    using _scope = device.scope();
    const [rows = 0] = this.#probes.shape;
    const products = linear(this.#probes, block);
    const norms = sum(square(block), { axes: [1] });
    const across = Math.min(rows, 65535);
    device.launch(
      kernel,
      { products, norms, distances: this.#distances, places: this.#places },
      { rows, columns, start: this.#seen },
      [across, Math.ceil(rows / across), 1],
    );
    this.#seen += columns;
  }

  /** The place of the nearest row to each probe, counted over all blocks. */
  async places(): Promise<Uint32Array> {
    const [places] = await this.#places.device.read([this.#places]);
    return places as Uint32Array;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#distances.dispose();
    this.#places.dispose();
  }
}
