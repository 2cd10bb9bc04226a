import type { Ledger } from "./ledger.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BYTES_PER_ELEMENT, type DType, HOST_ARRAYS, type HostArrays } from "../tensor/dtype.ts";

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

  /**
   * The values of the tensors, in order: as they are when this is called, even if they take several staging buffers.
   */
  async read(tensors: readonly Tensor[]): Promise<HostArrays[DType][]> {
    const copies = tensors.map((tensor) => new Uint8Array(tensor.size * BYTES_PER_ELEMENT[tensor.dtype]));
    const stagings = this.#plan(tensors);
    if (stagings.length === 0) return [];
    const buffers: GPUBuffer[] = [];
    try {
      const encoder = this.#gpu.createCommandEncoder();
      for (const { bytes, pieces } of stagings) {
        const staging = this.#take(bytes);
        buffers.push(staging);
        for (const { buffer, offset, size, at } of pieces) {
          encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
        }
      }
      this.#gpu.queue.submit([encoder.finish()]);
      for (const [position, { bytes, pieces }] of stagings.entries()) {
        const staging = buffers[position]!;
        await staging.mapAsync(GPUMapMode.READ, 0, bytes);
        const mapped = new Uint8Array(staging.getMappedRange(0, bytes));
        for (const { tensor, start, at, size } of pieces) {
          const copy = copies[tensor]!;
          copy.set(mapped.subarray(at, at + Math.min(size, copy.length - start)), start);
        }
        staging.unmap();
      }
    } catch (error) {
      for (const staging of buffers) this.#ledger.destroy(staging);
      throw error;
    }
    for (const staging of buffers) this.#give(staging);
    return tensors.map(({ dtype }, position) => new HOST_ARRAYS[dtype](copies[position]!.buffer));
  }

  /**
   * Waits until all that was submitted is done. If a device was lost, to wait for its queue panics in Deno, but a buffer
   * cannot be mapped, which is an error; and the submit before that is where a loss is noticed.
   */
  async settle(): Promise<void> {
    const staging = this.#take(STAMP);
    try {
      const encoder = this.#gpu.createCommandEncoder();
      encoder.clearBuffer(staging, 0, STAMP);
      this.#gpu.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, STAMP);
      staging.unmap();
    } catch (error) {
      this.#ledger.destroy(staging);
      throw error;
    }
    this.#give(staging);
  }

  /** Lays tensors side by side in staging buffers that the device can make, cut into pieces where one ends. */
  #plan(tensors: readonly Tensor[]): Staging[] {
    const most = Math.min(MAX_STAGING_BYTES, this.#gpu.limits.maxBufferSize);
    const stagings: Staging[] = [];
    for (const [tensor, { storage }] of tensors.entries()) {
      const { buffer, offset, size } = storage.range();
      for (let start = 0; start < size;) {
        let staging = stagings.at(-1);
        if (!staging || staging.bytes === most) stagings.push(staging = { bytes: 0, pieces: [] });
        const length = Math.min(size - start, most - staging.bytes);
        staging.pieces.push({
          tensor,
          buffer,
          offset: offset + start,
          size: length,
          start,
          at: staging.bytes,
        });
        staging.bytes += length;
        start += length;
      }
    }
    return stagings;
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

/** Most bytes of one staging buffer, a multiple of 16: one is kept for the next read. */
const MAX_STAGING_BYTES = 256 * 2 ** 20;

/** Bytes that are written after all else, to wait for. */
const STAMP = 4;

/** A part of a tensor, and where it goes. */
interface Piece {
  /** Which tensor. */
  readonly tensor: number;
  readonly buffer: GPUBuffer;
  /** First byte in that buffer. */
  readonly offset: number;
  readonly size: number;
  /** First byte of the tensor. */
  readonly start: number;
  /** First byte in the staging buffer. */
  readonly at: number;
}

interface Staging {
  bytes: number;
  readonly pieces: Piece[];
}
