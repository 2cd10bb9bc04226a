import { printAsText } from "./print_as_text.ts";
import type { Device } from "../device/device.ts";
import { leavesOf } from "../autograd/leaves.ts";
import type { Origin } from "../autograd/origin.ts";
import type { DType } from "./dtype.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import type { Storage } from "../memory/storage.ts";

let created = 0;

/**
 * An array of numbers on the GPU, row-major. Images are `[batch, height, width, channels]`.
 *
 * Operations are functions that return new tensors; a tensor that is no longer needed is freed with `dispose`,
 * `using`, or by the scope it was created in.
 *
 * @example Read values
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, relu } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using x = device.tensor([[-1, 2], [3, -4]]);
 * using y = relu(x);
 * assertEquals([...await y.data()], [0, 2, 3, 0]);
 * ```
 */
export class Tensor implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(Tensor);
  /** The device that holds it. */
  readonly device: Device;
  /** Extents, outermost first. */
  readonly shape: Shape;
  /** Element type. */
  readonly dtype: DType;
  /** Where the elements live. */
  readonly storage: Storage;
  /** Grows with every new tensor, so inputs always have a smaller number than outputs. */
  readonly serial: number = created++;
  /** How it was computed; undefined for data and parameters. */
  origin: Origin | undefined;
  #disposed = false;
  #cutOff = false;

  /** Created by a device and by operations. */
  constructor(device: Device, shape: Shape, dtype: DType, storage: Storage) {
    this.device = device;
    this.shape = shape;
    this.dtype = dtype;
    this.storage = storage;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /**
   * Runs what is pending and reads the values, which takes at least 10 ms in Deno: read several tensors together with
   * `device.read`.
   *
   * @throws {GpuValidationError | GpuOutOfMemoryError | DeviceLostError} if the GPU reported an error.
   */
  async data(): Promise<Float32Array<ArrayBuffer>> {
    this.#expect("f32");
    const [values] = await this.device.read([this]);
    return values as Float32Array<ArrayBuffer>;
  }

  /**
   * The only value of a tensor of one element.
   *
   * @throws {RangeError} if it has more than one.
   */
  async item(): Promise<number> {
    if (this.size !== 1) {
      throw new RangeError(
        `item() needs a tensor of one element, found shape ${formatShape(this.shape)}`,
      );
    }
    const [values] = await this.device.read([this]);
    return values![0]!;
  }

  /**
   * Replaces the values.
   *
   * @throws {RangeError} if their number differs.
   * @throws {Error} if the tensor was disposed.
   */
  set(values: ArrayLike<number>): void {
    this.device.write(this, values);
  }

  /**
   * The same elements in another shape; nothing is copied.
   *
   * @throws {RangeError} if the number of elements differs, or if an extent is not a whole number of at least 1.
   * @throws {Error} if the tensor was disposed.
   */
  reshape(shape: Shape): Tensor {
    this.expectLive("reshape");
    checkShape(shape);
    if (sizeOf(shape) !== this.size) {
      throw new RangeError(
        `Cannot reshape ${formatShape(this.shape)} to ${formatShape(shape)}: ` +
          `${this.size} elements would have to become ${sizeOf(shape)}`,
      );
    }
    const view = new Tensor(this.device, [...shape], this.dtype, this.storage.retain());
    this.device.track(view);
    view.origin = { inputs: [this], backward: (gradient) => [gradient.reshape(this.shape)] };
    return view;
  }

  /**
   * The same elements without their origin: no gradient flows back through the result.
   *
   * @throws {Error} if the tensor was disposed.
   */
  detach(): Tensor {
    this.expectLive("detach");
    const view = new Tensor(this.device, this.shape, this.dtype, this.storage.retain());
    this.device.track(view);
    return view;
  }

  /** True once it was disposed. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** True once it was disposed, if it was computed from other tensors: gradients can no longer pass it. */
  get cutOff(): boolean {
    return this.#cutOff;
  }

  /** False once its elements are gone: it was disposed, or the tensor that it is a slice of. */
  get live(): boolean {
    return !this.#disposed && this.storage.live;
  }

  /** Throws if its elements are gone: `action` is what was to be done with them. */
  expectLive(action: string): void {
    if (!this.live) throw new Error(`Cannot ${action} a tensor that was disposed`);
  }

  /** Frees the elements, unless another tensor shares them. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.origin) {
      this.#cutOff = true;
      // While it still knows
      leavesOf(this);
    }
    for (const tensor of this.origin?.saved ?? []) tensor.dispose();
    this.origin = undefined;
    this.storage.release();
  }

  /** {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #expect(dtype: DType): void {
    if (this.dtype !== dtype) {
      throw new TypeError(
        `data() needs a tensor of ${dtype}, found ${this.dtype}. Use device.read([tensor])`,
      );
    }
  }

  /** What it is, in short: `Tensor f32 [2, 2] on llvmpipe`. Its values are on the GPU: see {@linkcode data}. */
  toString(): string {
    const where = this.live ? ` on ${this.device.adapter.name}` : ", disposed";
    return `Tensor ${this.dtype} ${formatShape(this.shape)}${where}`;
  }
}
