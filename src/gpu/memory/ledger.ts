/** What a device holds now. */
export interface LedgerEntry {
  /** Live GPU buffers and textures. */
  buffers: number;
  /** Their bytes in all. */
  bytes: number;
  /** The most bytes that were live at once since the device was opened. */
  peakBytes: number;
}

/**
 * Counts every GPU buffer and texture that a device creates and destroys, so that a leak is a number that a test can assert
 * on: neither Deno nor WebGPU reports one.
 */
export class Ledger {
  #live = new Map<GPUBuffer | GPUTexture, number>();
  #bytes = 0;
  #peak = 0;

  /** Creates a buffer and counts it. */
  create(gpu: GPUDevice, descriptor: GPUBufferDescriptor): GPUBuffer {
    return this.#count(gpu.createBuffer(descriptor), descriptor.size);
  }

  /** Creates a texture of so many bytes and counts it. */
  createTexture(gpu: GPUDevice, descriptor: GPUTextureDescriptor, bytes: number): GPUTexture {
    return this.#count(gpu.createTexture(descriptor), bytes);
  }

  #count<T extends GPUBuffer | GPUTexture>(made: T, bytes: number): T {
    this.#live.set(made, bytes);
    this.#bytes += bytes;
    this.#peak = Math.max(this.#peak, this.#bytes);
    return made;
  }

  /** Destroys a buffer or texture and counts it out. One that was already destroyed is ignored. */
  destroy(made: GPUBuffer | GPUTexture): void {
    const bytes = this.#live.get(made);
    if (bytes === undefined) return;
    this.#live.delete(made);
    this.#bytes -= bytes;
    made.destroy();
  }

  /** Destroys all that is live. */
  destroyAll(): void {
    for (const made of [...this.#live.keys()]) this.destroy(made);
  }

  /** What is live now. */
  read(): LedgerEntry {
    return { buffers: this.#live.size, bytes: this.#bytes, peakBytes: this.#peak };
  }
}
