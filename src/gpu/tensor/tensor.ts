import { printAsText } from "./print_as_text.ts";
import type { Device } from "../device/device.ts";
import { leavesOf } from "../autograd/leaves.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import type { Storage } from "../memory/storage.ts";

/**
 * Element types: floats of 32 and of 16 bits, 32-bit unsigned integers (labels, counters), bytes (pictures). Not every
 * adapter has floats of 16 bits, see `Capabilities`.
 */
export type DType = "f32" | "f16" | "u32" | "u8";

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = { f32: 4, f16: 2, u32: 4, u8: 1 };

/** The array that holds the values of each element type on the host. */
export interface HostArrays {
  /** 32-bit floats. */
  f32: Float32Array<ArrayBuffer>;
  /** 16-bit floats. */
  f16: Float16Array<ArrayBuffer>;
  /** 32-bit unsigned integers. */
  u32: Uint32Array<ArrayBuffer>;
  /** Bytes. */
  u8: Uint8Array<ArrayBuffer>;
}

/** Makes the array of each element type over bytes. */
export const HOST_ARRAYS: { readonly [D in DType]: new (bytes: ArrayBuffer) => HostArrays[D] } = {
  f32: Float32Array,
  f16: Float16Array,
  u32: Uint32Array,
  u8: Uint8Array,
};

/** A wish for one gradient: a new tensor, or written (or added) to an existing one. */
export interface Wanted {
  /** Where to put it. The rule may ignore this and return a new tensor; the caller then copies. */
  readonly into?: Tensor;
  /** Add to what `into` holds instead of overwriting it. */
  readonly accumulate?: boolean;
}

/**
 * The gradient rule of one operation: given the gradient of its output, the gradients of its inputs. `wanted` has an
 * entry for each input, null where no gradient is asked for.
 */
export type GradientRule = (gradient: Tensor, wanted: readonly (Wanted | null)[]) => (Tensor | null)[];

/** How a tensor came about: from which inputs, and how gradients flow back to them. */
export interface Origin {
  /** Inputs that a gradient can flow to. */
  readonly inputs: readonly Tensor[];
  /** The rule. */
  readonly backward: GradientRule;
  /** What only the rule needs: given back with the output. */
  readonly saved?: readonly Tensor[];
}

let created = 0;

/**
 * An array of numbers on the GPU, row-major. Images are `[batch, height, width, channels]`.
 *
 * Operations are functions that return new tensors; a tensor that is no longer needed is given back with `dispose`,
 * `using`, or by the scope it was made in.
 *
 * @example Values come back when they are asked for
 * ```ts
 * import { openDevice, relu } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using x = device.tensor([[-1, 2], [3, -4]]);
 * using y = relu(x);
 * console.log(await y.data()); // Float32Array [0, 2, 3, 0]
 * ```
 */
export class Tensor implements Disposable {
  /** The device that holds it. */
  readonly device: Device;
  /** Extents, outermost first. */
  readonly shape: Shape;
  /** Element type. */
  readonly dtype: DType;
  /** Where the elements live. */
  readonly storage: Storage;
  /** Grows with every tensor made, so that inputs always have a smaller number than outputs. */
  readonly serial: number = created++;
  /** How it came about; undefined for data and parameters. */
  origin: Origin | undefined;
  #disposed = false;
  #cutOff = false;

  /** Made by a device and by operations. */
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
   * @throws {GpuValidationError | GpuOutOfMemoryError | DeviceLostError} if the GPU reported an error meanwhile.
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
        `item() needs a tensor of one element: this one has shape ${formatShape(this.shape)}`,
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
   * The same elements, cut off from how they came about: no gradient flows back through it.
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

  /** True once it was disposed, if it was computed from other tensors: gradients cannot pass it any more. */
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

  /** Gives the elements back, unless another tensor shares them. */
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
        `data() reads ${dtype} tensors: this one is ${this.dtype}. Use device.read([tensor])`,
      );
    }
  }

  /** What it is, in short: `Tensor f32 [2, 2] on llvmpipe`. Its values are on the GPU: see {@linkcode data}. */
  toString(): string {
    const where = this.live ? ` on ${this.device.adapter.name}` : ", disposed";
    return `Tensor ${this.dtype} ${formatShape(this.shape)}${where}`;
  }
}

printAsText(Tensor);

/**
 * Marks `output` as computed from `inputs`, with the rule that takes its gradient back to them. Tensors that only the
 * rule needs are `saved` until the output is disposed.
 */
export function derive(
  output: Tensor,
  inputs: readonly Tensor[],
  backward: GradientRule,
  saved: readonly Tensor[] = [],
): Tensor {
  output.origin = { inputs, backward, saved };
  return output;
}
