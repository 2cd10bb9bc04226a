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
    return new Storage(bytes, { buffer, release: () => this.#recycle(buffer) });
  }

  /** Destroys buffers that are kept until they have no more than these bytes: as many as a pool keeps if not given. */
  shrink(maxBytes?: number): void {
    this.#pool.shrink(maxBytes);
  }

  /** Stops managing buffers: they are all destroyed. */
  dispose(): void {
    this.#disposed = true;
  }

  #recycle(buffer: GPUBuffer): void {
    if (this.#disposed) return;
    this.#pool.give(buffer);
    if (this.#isIdle()) this.#pool.shrink();
  }
}
