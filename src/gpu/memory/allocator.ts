import { BufferPool } from "./buffer_pool.ts";
import type { Ledger } from "./ledger.ts";
import { paddedBytes, Storage } from "./storage.ts";

/** Allocates buffers for tensors, and keeps some freed buffers for reuse. */
export class Allocator {
  #gpu: GPUDevice;
  #ledger: Ledger;
  #pool: BufferPool;
  #isIdle: () => boolean;
  #disposed = false;
  /** How often buffers were distrusted: those of an earlier count are not used again. */
  #generation = 0;

  /** Of buffers on this device. While `isIdle` returns false none is destroyed, since pending launches may need it. */
  constructor(gpu: GPUDevice, ledger: Ledger, isIdle: () => boolean) {
    this.#gpu = gpu;
    this.#ledger = ledger;
    this.#pool = new BufferPool(ledger);
    this.#isIdle = isIdle;
  }

  /** A storage with a buffer of its own. Its contents are undefined. */
  storage(bytes: number): Storage {
    const size = paddedBytes(bytes);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#pool.take(size) ?? this.#ledger.create(this.#gpu, { size, usage });
    const generation = this.#generation;
    return new Storage(bytes, { buffer, release: () => this.#recycle(buffer, generation) });
  }

  /** Destroys buffers that are kept until they have no more than these bytes: as many as a pool keeps if not given. */
  shrink(maxBytes?: number): void {
    this.#pool.shrink(maxBytes);
  }

  /**
   * Reuses no buffer that exists now. For when the GPU has reported an error: it does not say which buffer it refused,
   * and every command that uses a refused buffer fails as well.
   */
  distrust(): void {
    this.#generation++;
    this.#pool.retireAll();
  }

  /** Stops managing buffers: they are all destroyed. */
  dispose(): void {
    this.#disposed = true;
  }

  #recycle(buffer: GPUBuffer, generation: number): void {
    if (this.#disposed) return;
    if (generation === this.#generation) this.#pool.give(buffer);
    else this.#pool.retire(buffer);
    if (this.#isIdle()) this.#pool.shrink();
  }
}
