import { accumulate, type Device, linear, matmul, type Tensor } from "../../../gpu/mod.ts";

/** A matrix of features that can only be multiplied with: its rows are examples. */
export interface Examples {
  /** How many. */
  readonly rows: number;
  /** Numbers of each. */
  readonly dimensions: number;
  /** `X Wᵀ`, `[rows, columns]`, of `weights`, `[columns, dimensions]`. */
  times(weights: Float64Array, columns: number): Promise<Float32Array>;
  /** `Gᵀ X`, `[columns, dimensions]`, of `factors`, `[columns, rows]`. */
  combine(factors: Float64Array, columns: number): Promise<Float32Array>;
}

/** Examples on the GPU, in chunks of rows that a kernel can bind. It disposes them. */
export class ExamplesOnGpu implements Examples, Disposable {
  /** How many. */
  readonly rows: number;
  /** Numbers of each. */
  readonly dimensions: number;
  #device: Device;
  #chunks: readonly Tensor[];

  /** Of chunks `[rows, dimensions]`, at least one. */
  constructor(chunks: readonly Tensor[]) {
    const [first] = chunks as [Tensor, ...Tensor[]];
    this.#device = first.device;
    this.#chunks = chunks;
    this.rows = chunks.reduce((sum, { shape }) => sum + shape[0]!, 0);
    this.dimensions = first.shape[1]!;
  }

  /** `X Wᵀ`. Products and sums are f32. */
  async times(weights: Float64Array, columns: number): Promise<Float32Array> {
    using _scope = this.#device.scope();
    const w = this.#device.tensor(weights, { shape: [columns, this.dimensions] });
    const parts = await this.#device.read(this.#chunks.map((chunk) => linear(chunk, w)));
    const scores = new Float32Array(this.rows * columns);
    let at = 0;
    for (const part of parts) {
      scores.set(part, at);
      at += part.length;
    }
    return scores;
  }

  /** `Gᵀ X`. Products and sums are f32. */
  async combine(factors: Float64Array, columns: number): Promise<Float32Array> {
    using _scope = this.#device.scope();
    const total = this.#device.empty([columns, this.dimensions]);
    let first = 0;
    for (const chunk of this.#chunks) {
      const rows = chunk.shape[0]!;
      const own = new Float32Array(columns * rows);
      for (let column = 0; column < columns; column++) {
        const start = column * this.rows + first;
        own.set(factors.subarray(start, start + rows), column * rows);
      }
      using g = this.#device.tensor(own, { shape: [columns, rows] });
      using part = matmul(g, chunk);
      accumulate(total, part, first > 0);
      first += rows;
      await this.#device.throttle();
    }
    return await total.data();
  }

  /** Gives their memory back. */
  [Symbol.dispose](): void {
    for (const chunk of this.#chunks) chunk.dispose();
  }
}
