import { printAsText } from "../tensor/print_as_text.ts";
import { Allocator } from "../memory/allocator.ts";
import { type AdapterFacts, describeAdapter, requestAdapter } from "./adapter.ts";
import { bindLaunches, encodeLaunches } from "../kernel/bound_launch.ts";
import { checkBinding, checkPlace } from "../kernel/check_binding.ts";
import { checkLimits } from "../kernel/check_limits.ts";
import { DeviceHealth } from "./device_health.ts";
import { F16NotSupportedError } from "./errors.ts";
import type { Kernel, Workgroups } from "../kernel/kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { checkAliases, type Launch, type LaunchFacts } from "../kernel/launch.ts";
import { Ledger } from "../memory/ledger.ts";
import { flattenValues, type NestedNumbers } from "../tensor/nested.ts";
import { PipelineCache } from "../kernel/pipelines.ts";
import { type Capabilities, probeCapabilities, requestDevice } from "./probe.ts";
import type { Program, ProgramInput } from "../program/program.ts";
import { Readback } from "../memory/readback.ts";
import { recordProgram } from "../program/record_program.ts";
import { Recording } from "../program/recording.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { Storage } from "../memory/storage.ts";
import { BYTES_PER_ELEMENT, type DType, type HostArrays, Tensor } from "../tensor/tensor.ts";
import { Scope } from "../memory/scope.ts";
import { expectTensorFits } from "../tensor/tensor_limits.ts";
import { toBytes } from "../tensor/to_bytes.ts";

/** Pending launches are submitted when there are this many, so that the GPU starts before a value is read. */
const MAX_PENDING = 128;

/** Bytes that WebGPU wants between the starts of bindings in one buffer, on any adapter. */
const SLICE_ALIGNMENT = 256;

/**
 * A GPU, opened: makes tensors, runs kernels, records programs.
 *
 * Operations called outside a program are collected and submitted when a value is read.
 */
export class Device implements Disposable {
  /** The WebGPU device below. */
  readonly gpu: GPUDevice;
  /** What it runs on. */
  readonly adapter: AdapterFacts;
  /** What it can do beyond plain WebGPU. */
  readonly capabilities: Capabilities;
  /** Counts live buffers. */
  readonly ledger: Ledger = new Ledger();
  /** Compiled kernels. */
  readonly pipelines: PipelineCache;
  #pending: Launch[] = [];
  #recording: Recording | undefined;
  #scopes: Scope[] = [];
  #allocator: Allocator;
  #readback: Readback;
  #health: DeviceHealth;
  #disposed = false;

  /** Made by {@linkcode openDevice}. */
  constructor(gpu: GPUDevice, adapter: AdapterFacts, capabilities: Capabilities) {
    this.gpu = gpu;
    this.adapter = adapter;
    this.capabilities = capabilities;
    this.pipelines = new PipelineCache(gpu);
    this.#allocator = new Allocator(gpu, this.ledger, () => this.#pending.length === 0);
    this.#readback = new Readback(gpu, this.ledger);
    this.#health = new DeviceHealth(gpu, adapter.name);
  }

  /**
   * A tensor of the given values. Nested arrays give the shape; flat ones may be given a shape.
   *
   * @throws {RangeError} if values are ragged or their number does not fit the shape.
   * @throws {TypeError} if there is no such option.
   */
  tensor(values: NestedNumbers, options: { shape?: Shape; dtype?: DType } = {}): Tensor {
    expectKnownOptions("tensor()", options, { shape: true, dtype: true });
    const flat = flattenValues(values, options.shape);
    const tensor = this.#allocate(flat.shape, options.dtype ?? "f32", true);
    this.write(tensor, flat.values);
    return tensor;
  }

  /** A tensor whose values are whatever its memory held. For outputs of kernels. */
  empty(shape: Shape, dtype: DType = "f32"): Tensor {
    return this.#allocate(shape, dtype, false);
  }

  /**
   * A tensor that keeps its place between the runs of a program even when made while one is recorded: parameters,
   * optimizer state, counters. It starts as zeros.
   *
   * It may be larger than what a kernel can bind at once: then kernels are given slices of it.
   *
   * @throws {TensorTooLargeError} if it is larger than any buffer.
   */
  state(shape: Shape, dtype: DType = "f32"): Tensor {
    const tensor = this.#allocate(shape, dtype, true, "maxBufferSize");
    this.write(tensor, new Uint8Array(sizeOf(shape)));
    return tensor;
  }

  /**
   * A tensor on a part of another one's elements, starting at an element that is a multiple of 256 bytes away from the
   * first, as bindings want.
   *
   * @throws {RangeError} if the part starts elsewhere or does not lie in the source.
   * @throws {Error} if the source was disposed.
   */
  slice(source: Tensor, start: number, shape: Shape): Tensor {
    source.expectLive("take a slice of");
    checkShape(shape);
    const bytes = BYTES_PER_ELEMENT[source.dtype];
    if (start < 0 || start + sizeOf(shape) > source.size || start * bytes % SLICE_ALIGNMENT !== 0) {
      throw new RangeError(
        `Cannot take ${formatShape(shape)} from element ${start} of ${formatShape(source.shape)}: ` +
          `it must lie inside and start at a multiple of ${SLICE_ALIGNMENT / bytes} elements`,
      );
    }
    const storage = new Storage(sizeOf(shape) * bytes, { parent: source.storage, offset: start * bytes });
    return new Tensor(source.device, [...shape], source.dtype, storage);
  }

  /**
   * Runs a kernel, or records it while a program is being recorded. Buffers and uniforms are named as in the kernel;
   * `facts` are for profiles.
   *
   * @throws {TypeError} if a buffer or uniform is missing, or if a tensor is of another element type than the kernel
   * takes, or on another device.
   * @throws {RangeError} if the grid or the kernel's loops exceed what the adapter does.
   * @throws {Error} if a tensor was disposed, or has no memory.
   */
  launch(
    kernel: Kernel,
    buffers: Readonly<Record<string, Tensor>>,
    uniforms: Readonly<Record<string, number>>,
    workgroups: Workgroups,
    facts: LaunchFacts = {},
  ): void {
    this.#health.expectUsable();
    const storages = kernel.bindings.map(([name, , type]) => {
      const tensor = buffers[name];
      checkBinding(kernel, name, type, tensor);
      checkPlace(kernel, name, tensor, this, this.#recording);
      expectTensorFits(this.adapter, tensor.shape, tensor.dtype);
      return tensor.storage;
    });
    const values = kernel.uniforms.map(([name]) => {
      const value = uniforms[name];
      if (value === undefined) throw new TypeError(`Kernel '${kernel.label}' needs a value for '${name}'`);
      return value;
    });
    checkLimits(this, kernel, uniforms, workgroups);
    const launch = { kernel, storages, uniforms: values, workgroups, ...facts };
    checkAliases(launch);
    if (this.#recording) {
      this.#recording.add(launch);
    } else {
      this.#pending.push(launch);
      if (this.#pending.length >= MAX_PENDING) this.flush();
    }
  }

  /** Submits what is pending. Reading a value does this by itself. */
  flush(): void {
    if (this.#pending.length === 0) return;
    // Cleared first: were it not, one launch that cannot be bound would make every later flush fail.
    const launches = this.#pending;
    this.#pending = [];
    this.#health.expectUsable();
    const bound = bindLaunches(this.gpu, launches, this.pipelines, this.ledger);
    const encoder = this.gpu.createCommandEncoder();
    encodeLaunches(encoder, bound.launches);
    this.gpu.queue.submit([encoder.finish()]);
    if (bound.uniforms) this.ledger.destroy(bound.uniforms);
    this.#allocator.shrink();
  }

  /** Submits what is pending, then what `encode` adds. */
  submit(encode: (encoder: GPUCommandEncoder) => void): void {
    this.#health.expectUsable();
    this.flush();
    const encoder = this.gpu.createCommandEncoder();
    encode(encoder);
    this.gpu.queue.submit([encoder.finish()]);
  }

  /**
   * Replaces a tensor's values. An array of the tensor's own element type is copied as it is, others as if to such an
   * array: f16 is rounded as by a `Float16Array`.
   *
   * @throws {RangeError} if the number of values differs.
   * @throws {Error} if the tensor was disposed.
   */
  write(tensor: Tensor, values: ArrayLike<number>): void {
    this.#health.expectUsable();
    tensor.expectLive("write to");
    if (values.length !== tensor.size) {
      throw new RangeError(
        `Cannot write ${values.length} values to a tensor of shape ${formatShape(tensor.shape)}: ` +
          `it takes ${tensor.size}`,
      );
    }
    this.flush();
    const { buffer, offset } = tensor.storage.range();
    this.gpu.queue.writeBuffer(buffer, offset, toBytes(values, tensor.dtype));
  }

  /**
   * Reads several tensors in one go. Costs at least 10 ms in Deno, however few values there are.
   *
   * @throws {GpuValidationError | GpuOutOfMemoryError | DeviceLostError} if the GPU reported an error meanwhile.
   */
  async read(tensors: readonly Tensor[]): Promise<HostArrays[DType][]> {
    this.#health.expectUsable();
    for (const tensor of tensors) tensor.expectLive("read");
    this.flush();
    return await this.#health.guard(this.#readback.read(tensors));
  }

  /** Waits until all that was submitted is done, and throws what the GPU reported. */
  async settled(): Promise<void> {
    this.#health.expectUsable();
    this.flush();
    await this.#health.guard(this.gpu.queue.onSubmittedWorkDone());
  }

  /**
   * Waits for something that the GPU does, such as to map a buffer.
   *
   * @throws {GpuValidationError | GpuOutOfMemoryError | DeviceLostError} what the GPU reported, where it fails.
   */
  async guard<T>(work: Promise<T>): Promise<T> {
    return await this.#health.guard(work);
  }

  /** Throws what the GPU reported since the last call, if anything. */
  check(): void {
    this.#health.check();
  }

  /** True once the device was lost or disposed: what is asked of it then is a {@linkcode DeviceLostError}. */
  get ended(): boolean {
    return this.#health.ended;
  }

  /**
   * Records a program: `build` is called once with tensors for the inputs, and every operation in it becomes a launch
   * of the program instead of running. Inputs are zeros until a run is given values for them.
   *
   * @throws {TypeError} if `build` is asynchronous: what it did after its first `await` would not be recorded.
   * @throws {Error} if another program is being recorded.
   *
   * @example
   * ```ts
   * import { matmul, openDevice } from "@x/dcgan/gpu";
   *
   * using device = await openDevice();
   * using square = device.program({ a: [2, 2] }, ({ a }) => ({ y: matmul(a, a) }));
   * square.run({ a: [1, 2, 3, 4] });
   * console.log(await square.outputs.y.data()); // Float32Array [7, 10, 15, 22]
   * ```
   */
  program<I extends string, O>(
    inputs: Readonly<Record<I, ProgramInput>>,
    build: (inputs: Readonly<Record<I, Tensor>>) => O,
  ): Program<I, O> {
    this.#health.expectUsable();
    if (this.#recording) throw new Error("A program cannot be recorded while another one is");
    this.flush();
    const recording = new Recording();
    this.#recording = recording;
    try {
      return recordProgram(this, recording, inputs, build);
    } finally {
      this.#recording = undefined;
    }
  }

  /** True while a program is being recorded. */
  get recording(): boolean {
    return this.#recording !== undefined;
  }

  /**
   * Says that the program being recorded, if there is one, draws random numbers by this counter: unless a launch changes
   * the counter, `advance` is recorded as well, at the end. Operations do this by themselves.
   */
  drawsBy(counter: Tensor, advance: () => void): void {
    this.#recording?.counts(counter, advance);
  }

  /**
   * Collects the tensors made from here on, and disposes them when the scope ends, except those kept. Gradients cannot
   * pass what a scope has disposed: take them before it ends, and keep those.
   *
   * @example
   * ```ts
   * import { add, mul, openDevice, type Tensor } from "@x/dcgan/gpu";
   *
   * using device = await openDevice();
   * function polynomial(x: Tensor): Tensor {
   *   using scope = device.scope();
   *   return scope.keep(add(mul(x, x), x));
   * }
   * using y = polynomial(device.tensor([1, 2, 3]));
   * ```
   */
  scope(): Scope {
    const scope = new Scope(this.#scopes);
    this.#scopes.push(scope);
    return scope;
  }

  /** Hands a tensor to the innermost scope or to the program being recorded. Operations do this by themselves. */
  track(tensor: Tensor): void {
    if (this.#recording) this.#recording.tensors.push(tensor);
    else this.#scopes.at(-1)?.add(tensor);
  }

  /**
   * Throws unless kernels can compute with floats of 16 bits here.
   *
   * @throws {F16NotSupportedError} saying what is missing, and what to do.
   */
  expectF16(): void {
    if (!this.capabilities.f16) {
      throw new F16NotSupportedError(this.adapter.name, this.gpu.features.has("shader-f16"));
    }
  }

  /** Destroys the buffers that are kept for reuse. */
  trim(): void {
    this.flush();
    this.#allocator.shrink(0);
  }

  /** Destroys the device and every buffer on it. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#health.dispose();
    this.#allocator.dispose();
    this.#pending = [];
    this.ledger.destroyAll();
    this.gpu.destroy();
  }

  #allocate(
    shape: Shape,
    dtype: DType,
    persistent: boolean,
    limit: "maxStorageBufferBindingSize" | "maxBufferSize" = "maxStorageBufferBindingSize",
  ): Tensor {
    this.#health.expectUsable();
    checkShape(shape);
    if (dtype === "f16") this.expectF16();
    expectTensorFits(this.adapter, shape, dtype, limit);
    const bytes = sizeOf(shape) * BYTES_PER_ELEMENT[dtype];
    const storage = this.#recording && !persistent
      ? this.#recording.temporary(bytes)
      : this.#allocator.storage(bytes);
    const tensor = new Tensor(this, [...shape], dtype, storage);
    this.track(tensor);
    return tensor;
  }

  /** What it is, in short: `Device llvmpipe`. */
  toString(): string {
    return `Device ${this.adapter.name}${this.#disposed ? ", disposed" : this.ended ? ", lost" : ""}`;
  }
}

printAsText(Device);

/**
 * Opens the GPU: asks for the adapter, a device with all it can give, and tries what it can do.
 *
 * @throws {AdapterNotFoundError} saying what to install, if there is no adapter.
 */
export async function openDevice(): Promise<Device> {
  const adapter = await requestAdapter();
  const facts = describeAdapter(adapter);
  const gpu = await requestDevice(adapter, facts);
  return new Device(gpu, facts, await probeCapabilities(gpu, facts));
}
