import { host } from "../../host/host.ts";
import type { Device } from "../device/device.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Buffers that are read in turn: each is read again only when its last mapping has been told, ten milliseconds later. */
const PLACES = 32;

/** Most bytes that are read so: others take longer to copy than Deno sleeps. */
const MOST_BYTES = 2 ** 20;

/**
 * Deno waits for the GPU as `mapAsync()` is called, and then sleeps for ten milliseconds before it says so. Where it is
 * known to be so, the values are taken at once. On a buffer that was never mapped, these versions would panic.
 */
const KNOWN = /^Deno 2\.9\./;

interface Place {
  readonly buffer: GPUBuffer;
  told: Promise<unknown>;
}

/** Reads few values at a time, many times: without Deno's sleep, where that can be left out. */
export class QuickReadback implements Disposable {
  readonly #device: Device;
  #places: Place[] = [];
  #bytes = 0;
  #next = 0;

  /** Reads from a device. */
  constructor(device: Device) {
    this.#device = device;
  }

  /** The values of f32 tensors, in order. */
  async read(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
    const device = this.#device;
    const bytes = tensors.reduce((sum, { storage }) => sum + storage.bytes, 0);
    if (bytes > MOST_BYTES || !KNOWN.test(host().runtime)) {
      return await device.read(tensors) as Float32Array<ArrayBuffer>[];
    }
    const { buffer } = await this.#take(bytes);
    device.submit((encoder) => {
      let at = 0;
      for (const { storage } of tensors) {
        const { buffer: source, offset, size } = storage.range();
        encoder.copyBufferToBuffer(source, offset, buffer, at, size);
        at += size;
      }
    });
    const told = buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    this.#places[this.#next]!.told = told.catch(() => {});
    this.#next = (this.#next + 1) % PLACES;
    const mapped = await this.#mapped(buffer, bytes, told);
    let at = 0;
    const values = tensors.map(({ size, storage }) => {
      const values = new Float32Array(mapped.slice(at, at + size * Float32Array.BYTES_PER_ELEMENT));
      at += storage.bytes;
      return values;
    });
    buffer.unmap();
    return values;
  }

  /** What was mapped: at once, or when that is told. */
  async #mapped(buffer: GPUBuffer, bytes: number, told: Promise<void>): Promise<ArrayBuffer> {
    try {
      return buffer.getMappedRange(0, bytes);
    } catch {
      await this.#device.guard(told);
      return buffer.getMappedRange(0, bytes);
    }
  }

  /** The next buffer, of so many bytes at least. */
  async #take(bytes: number): Promise<Place> {
    if (bytes > this.#bytes) {
      await this.#free();
      this.#bytes = 2 ** Math.ceil(Math.log2(Math.max(4096, bytes)));
      const { gpu, ledger } = this.#device;
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      this.#places = Array.from({ length: PLACES }, () => {
        const buffer = ledger.create(gpu, { size: this.#bytes, usage });
        return { buffer, told: Promise.resolve() };
      });
      const first = Promise.all(this.#places.map(({ buffer }) => buffer.mapAsync(GPUMapMode.READ, 0, 4)));
      await this.#device.guard(first);
      for (const { buffer } of this.#places) buffer.unmap();
    }
    const place = this.#places[this.#next]!;
    await place.told;
    return place;
  }

  async #free(): Promise<void> {
    await Promise.all(this.#places.map(({ told }) => told));
    this[Symbol.dispose]();
  }

  /** Destroys the buffers. */
  [Symbol.dispose](): void {
    for (const { buffer } of this.#places) this.#device.ledger.destroy(buffer);
    this.#places = [];
    this.#bytes = 0;
    this.#next = 0;
  }
}
