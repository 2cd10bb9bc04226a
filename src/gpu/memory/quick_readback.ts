import { host } from "../../host/host.ts";
import type { Device } from "../device/device.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Deno waits for the GPU as `mapAsync()` is called, and then sleeps for ten milliseconds before it says so. Where it is
 * known to be so, the values are taken at once. On a buffer that was never mapped, these versions would panic.
 */
const KNOWN = /^Deno 2\.9\./;

/** Values of tensors, until they are given back. */
export interface HeldValues extends Disposable {
  /** Those of each tensor. */
  readonly values: readonly Float32Array<ArrayBuffer>[];
}

/** Reads values again and again: without Deno's sleep, where that can be left out, and without a copy of them. */
export class QuickReadback implements Disposable {
  readonly #device: Device;
  readonly #few: Ring;
  readonly #many: Ring;

  /** Reads from a device. */
  constructor(device: Device) {
    this.#device = device;
    this.#few = new Ring(device, 32);
    this.#many = new Ring(device, 2);
  }

  /** The values of f32 tensors, in order. */
  async read(tensors: readonly Tensor[]): Promise<HeldValues> {
    const device = this.#device;
    if (!KNOWN.test(host().runtime)) {
      const values = await device.read(tensors) as Float32Array<ArrayBuffer>[];
      return { values, [Symbol.dispose]: () => {} };
    }
    const bytes = tensors.reduce((sum, { storage }) => sum + storage.bytes, 0);
    const place = await (bytes <= FEW_BYTES ? this.#few : this.#many).take(bytes);
    const { buffer } = place;
    device.submit((encoder) => {
      let at = 0;
      for (const { storage } of tensors) {
        const { buffer: source, offset, size } = storage.range();
        encoder.copyBufferToBuffer(source, offset, buffer, at, size);
        at += size;
      }
    });
    const told = buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    place.told = told.catch(() => {});
    const mapped = await this.#mapped(buffer, bytes, told);
    let at = 0;
    const values = tensors.map(({ size, storage }) => {
      const values = new Float32Array(mapped, at, size);
      at += storage.bytes;
      return values;
    });
    return { values, [Symbol.dispose]: () => buffer.unmap() };
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

  /** Destroys its buffers. */
  [Symbol.dispose](): void {
    this.#few[Symbol.dispose]();
    this.#many[Symbol.dispose]();
  }
}

/** What is read most often takes no more. */
const FEW_BYTES = 2 ** 20;

interface Place {
  readonly buffer: GPUBuffer;
  /** When the last mapping was told. */
  told: Promise<unknown>;
}

/** Buffers that are read in turn: each is read again only when its last mapping has been told. */
class Ring implements Disposable {
  readonly #device: Device;
  readonly #count: number;
  #places: Place[] = [];
  #bytes = 0;
  #next = 0;

  constructor(device: Device, count: number) {
    this.#device = device;
    this.#count = count;
  }

  /** The next buffer, of so many bytes at least. */
  async take(bytes: number): Promise<Place> {
    if (bytes > this.#bytes) await this.#grow(bytes);
    const place = this.#places[this.#next]!;
    this.#next = (this.#next + 1) % this.#count;
    await place.told;
    return place;
  }

  async #grow(bytes: number): Promise<void> {
    await Promise.all(this.#places.map(({ told }) => told));
    this[Symbol.dispose]();
    this.#bytes = Math.ceil(bytes / 4096) * 4096;
    const { gpu, ledger } = this.#device;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    this.#places = Array.from({ length: this.#count }, () => {
      const buffer = ledger.create(gpu, { size: this.#bytes, usage });
      return { buffer, told: Promise.resolve() };
    });
    const first = this.#places.map(({ buffer }) => buffer.mapAsync(GPUMapMode.READ, 0, 4));
    await this.#device.guard(Promise.all(first));
    for (const { buffer } of this.#places) buffer.unmap();
  }

  [Symbol.dispose](): void {
    for (const { buffer } of this.#places) this.#device.ledger.destroy(buffer);
    this.#places = [];
    this.#bytes = 0;
    this.#next = 0;
  }
}
