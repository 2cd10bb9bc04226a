import type { Ledger } from "./ledger.ts";
import { BYTES_PER_ELEMENT, type DType, HOST_ARRAYS, type HostArrays, type Tensor } from "./tensor.ts";

/** Copies tensors to the host, several in one mapping, through a staging buffer that is kept between reads. */
export class Readback {
  #gpu: GPUDevice;
  #ledger: Ledger;
  #idle: GPUBuffer | undefined;

  /** Reads from this device. */
  constructor(gpu: GPUDevice, ledger: Ledger) {
    this.#gpu = gpu;
    this.#ledger = ledger;
  }

  /** The values of the tensors, in order. */
  async read(tensors: readonly Tensor[]): Promise<HostArrays[DType][]> {
    const bytes = tensors.reduce((sum, { storage }) => sum + storage.bytes, 0);
    if (bytes === 0) return [];
    const ranges = tensors.map(({ storage }) => storage.range());
    const staging = this.#take(bytes);
    const encoder = this.#gpu.createCommandEncoder();
    let at = 0;
    for (const { buffer, offset, size } of ranges) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
      at += size;
    }
    this.#gpu.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
      const mapped = staging.getMappedRange(0, bytes);
      at = 0;
      const values = tensors.map((tensor) => {
        const copy = mapped.slice(at, at + tensor.size * BYTES_PER_ELEMENT[tensor.dtype]);
        at += tensor.storage.bytes;
        return new HOST_ARRAYS[tensor.dtype](copy);
      });
      staging.unmap();
      this.#give(staging);
      return values;
    } catch (error) {
      this.#ledger.destroy(staging);
      throw error;
    }
  }

  #take(bytes: number): GPUBuffer {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle && idle.size >= bytes) return idle;
    if (idle) this.#ledger.destroy(idle);
    const size = Math.max(4096, bytes);
    return this.#ledger.create(this.#gpu, { size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  }

  #give(staging: GPUBuffer): void {
    if (this.#idle) this.#ledger.destroy(staging);
    else this.#idle = staging;
  }
}
