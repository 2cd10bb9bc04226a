import type { Ledger } from "./ledger.ts";

/**
 * Most bytes of free buffers that are kept. A training step of the DCGAN at its default sizes makes temporaries of
 * 474 MiB; run eagerly, it gives them back all at once, and the next step should find all of them again.
 */
const MAX_FREE_BYTES = 512 * 2 ** 20;

/** Buffers that tensors gave back, by size, for the next tensors of that size. */
export class BufferPool {
  #ledger: Ledger;
  #maxBytes: number;
  /** Of each size, the one given back last at the end: it is taken first. */
  #bySize = new Map<number, GPUBuffer[]>();
  /** All of them, the one given back first at the beginning. */
  #byAge = new Set<GPUBuffer>();
  #bytes = 0;
  /** Buffers that are only waiting to be destroyed. */
  #retired: GPUBuffer[] = [];

  /** An empty pool of buffers that this ledger counts. */
  constructor(ledger: Ledger, maxBytes: number = MAX_FREE_BYTES) {
    this.#ledger = ledger;
    this.#maxBytes = maxBytes;
  }

  /** A buffer of exactly this size, if there is one. */
  take(size: number): GPUBuffer | undefined {
    const buffer = this.#bySize.get(size)?.pop();
    if (buffer) this.#forget(buffer);
    return buffer;
  }

  /** Keeps a buffer. There may be more than the most bytes until {@linkcode shrink} is called. */
  give(buffer: GPUBuffer): void {
    const buffers = this.#bySize.get(buffer.size);
    if (buffers) buffers.push(buffer);
    else this.#bySize.set(buffer.size, [buffer]);
    this.#byAge.add(buffer);
    this.#bytes += buffer.size;
  }

  /** Takes a buffer that must not be used again. It is destroyed when {@linkcode shrink} is called. */
  retire(buffer: GPUBuffer): void {
    this.#retired.push(buffer);
  }

  /** Retires all buffers that are kept. */
  retireAll(): void {
    this.#retired.push(...this.#byAge);
    this.#bySize.clear();
    this.#byAge.clear();
    this.#bytes = 0;
  }

  /**
   * Destroys retired buffers, then the buffers that were given back first until no more than the most bytes are left.
   */
  shrink(maxBytes: number = this.#maxBytes): void {
    for (const buffer of this.#retired.splice(0)) this.#ledger.destroy(buffer);
    if (this.#bytes <= maxBytes) return;
    for (const buffer of this.#byAge) {
      if (this.#bytes <= maxBytes) return;
      const buffers = this.#bySize.get(buffer.size)!;
      // Of one size, the oldest lies first.
      buffers.shift();
      if (buffers.length === 0) this.#bySize.delete(buffer.size);
      this.#forget(buffer);
      this.#ledger.destroy(buffer);
    }
  }

  #forget(buffer: GPUBuffer): void {
    this.#byAge.delete(buffer);
    this.#bytes -= buffer.size;
  }
}
