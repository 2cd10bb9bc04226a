/** What a device holds now. */
export interface LedgerEntry {
  /** Live GPU buffers. */
  buffers: number;
  /** Their bytes in all. */
  bytes: number;
  /** The most bytes that were live at once since the device was opened. */
  peakBytes: number;
}

/**
 * Counts every GPU buffer that a device creates and destroys, so that a leak is a number that a test can assert
 * on: neither Deno nor WebGPU reports one.
 */
export class Ledger {
  #live = new Map<GPUBuffer, number>();
  #bytes = 0;
  #peak = 0;

  /** Creates a buffer and counts it. */
  create(gpu: GPUDevice, descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = gpu.createBuffer(descriptor);
    this.#live.set(buffer, descriptor.size);
    this.#bytes += descriptor.size;
    this.#peak = Math.max(this.#peak, this.#bytes);
    return buffer;
  }

  /** Destroys a buffer and counts it out. A buffer that was already destroyed is ignored. */
  destroy(buffer: GPUBuffer): void {
    const bytes = this.#live.get(buffer);
    if (bytes === undefined) return;
    this.#live.delete(buffer);
    this.#bytes -= bytes;
    buffer.destroy();
  }

  /** Destroys all that is live. */
  destroyAll(): void {
    for (const buffer of [...this.#live.keys()]) this.destroy(buffer);
  }

  /** What is live now. */
  read(): LedgerEntry {
    return { buffers: this.#live.size, bytes: this.#bytes, peakBytes: this.#peak };
  }
}
