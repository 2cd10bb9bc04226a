import { printAsText } from "../tensor/print_as_text.ts";
import { Allocator } from "../memory/allocator.ts";
import type { AdapterFacts } from "./adapter.ts";
import { LaunchQueue } from "../kernel/launch_queue.ts";
import { prepareLaunch } from "../kernel/prepare_launch.ts";
import { DeviceHealth } from "./device_health.ts";
import { F16NotSupportedError, type SizeLimit } from "./errors.ts";
import type { Kernel, Workgroups } from "../kernel/kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import type { LaunchFacts } from "../kernel/launch.ts";
import { Ledger } from "../memory/ledger.ts";
import { flattenValues, type NestedNumbers } from "../tensor/nested.ts";
import { PipelineCache } from "../kernel/pipelines.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Program, ProgramInput } from "../program/program.ts";
import { Readback } from "../memory/readback.ts";
import { recordProgram } from "../program/record_program.ts";
import { Recording } from "../program/recording.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { sliceTensor } from "../tensor/slice.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { DType, HostArrays } from "../tensor/dtype.ts";
import { Scope } from "../memory/scope.ts";
import { WorkInFlight } from "../timing/work_in_flight.ts";
import { checkedBytes, checkedValues } from "../tensor/tensor_limits.ts";

/**
 * An open GPU device: creates tensors, runs kernels, records programs. Operations called outside a program are collected
 * and submitted when a value is read.
 */
export class Device implements Disposable {
  static #printed = /* @__PURE__ */ printAsText(Device);
  /** The WebGPU device below. */
  readonly gpu: GPUDevice;
  /** What it runs on. */
  readonly adapter: AdapterFacts;
  /** What it can do beyond plain WebGPU. */
  readonly capabilities: Capabilities;
  /** Counts live buffers. */
  readonly ledger: Ledger = new Ledger();
  /** What was submitted and not waited for. */
  readonly inFlight: WorkInFlight;
  /** Compiled kernels. */
  readonly pipelines: PipelineCache;
  #queue: LaunchQueue;
  #recording: Recording | undefined;
  #scopes: Scope[] = [];
  #allocator: Allocator;
  #readback: Readback;
  #health: DeviceHealth;
  #disposed = false;

  /** Created by `openDevice`. */
  constructor(gpu: GPUDevice, adapter: AdapterFacts, capabilities: Capabilities) {
    this.gpu = gpu;
    this.adapter = adapter;
    this.capabilities = capabilities;
    this.inFlight = new WorkInFlight(adapter);
    this.pipelines = new PipelineCache(gpu, capabilities);
    this.#queue = new LaunchQueue(gpu, this.pipelines, this.ledger, this.inFlight);
    this.#allocator = new Allocator(gpu, this.ledger, () => this.#queue.empty);
    this.#readback = new Readback(gpu, this.ledger);
    this.#health = new DeviceHealth(gpu, adapter.name, this.inFlight, () => this.#allocator.distrust());
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
   * optimizer state, counters. It starts as zeros. Kernels are given slices of one that is too large to be bound at once.
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
    return sliceTensor(source, start, shape);
  }

  /**
   * Runs a kernel, or records it for a program. Names are those of the kernel, and `facts` are for profiles.
   *
   * @throws {TypeError} if a buffer or uniform is missing, or a tensor is of another type, or on another device.
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
    const launch = prepareLaunch(this, this.#recording, { kernel, buffers, uniforms, workgroups, facts });
    if (this.#recording) this.#recording.add(launch);
    else if (this.#queue.add(launch)) this.flush();
  }

  /** Submits what is pending. Reading a value does this automatically. */
  flush(): void {
    if (this.#queue.empty) return;
    this.#health.expectUsable();
    this.#queue.flush();
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
   * @throws {RangeError | Error} if the number of values differs, or the tensor was disposed.
   */
  write(tensor: Tensor, values: ArrayLike<number>): void {
    this.#health.expectUsable();
    tensor.expectLive("write to");
    const bytes = checkedValues(tensor, values);
    this.flush();
    const { buffer, offset } = tensor.storage.range();
    this.gpu.queue.writeBuffer(buffer, offset, bytes);
    this.inFlight.upload(bytes.byteLength);
  }

  /**
   * Reads several tensors in one go. Costs at least 10 ms in Deno, however few values there are.
   *
   * @throws {GpuValidationError | GpuOutOfMemoryError | DeviceLostError} if the GPU reported an error.
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
    await this.#health.guard(this.#readback.settle());
  }

  /**
   * Waits, if the GPU has about two seconds of work ahead, or 512 MiB of uploads. For loops that submit without reading:
   * else they run far ahead, and their end and Ctrl-C have to wait for all of it.
   */
  throttle(): Promise<void> | undefined {
    return this.inFlight.isFull ? this.settled() : undefined;
  }

  /** Waits for something that the GPU does, such as to map a buffer, and throws what the GPU reported if that fails. */
  async guard<T>(work: Promise<T>): Promise<T> {
    return await this.#health.guard(work);
  }

  /** Throws what the GPU reported since the last call, if anything. */
  check(): void {
    this.#health.check();
  }

  /** True once the device was lost or disposed: any later use throws a {@linkcode DeviceLostError}. */
  get ended(): boolean {
    return this.#health.ended;
  }

  /**
   * Records a program: `build` is called once with tensors for the inputs, and every operation in it becomes a launch
   * of the program instead of running. Inputs are zeros until a run is given values for them.
   *
   * @throws {TypeError} if `build` is asynchronous: what it did after its first `await` would not be recorded.
   * @throws {Error} if another program is being recorded.
   */
  program<I extends string, O>(
    inputs: Readonly<Record<I, ProgramInput>>,
    build: (inputs: Readonly<Record<I, Tensor>>) => O,
  ): Program<I, O> {
    this.#health.expectUsable();
    if (this.#recording) throw new Error("Cannot record a program while another one is being recorded");
    this.flush();
    const recording = this.#recording = new Recording(this);
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

  /** {@linkcode Recording.takeParts} of the program being recorded, if there is one. */
  takeParts(sum: Tensor): Tensor | undefined {
    return this.#recording?.takeParts(sum);
  }

  /** Has the program being recorded `advance` a counter of its random draws at the end, unless a launch does that. */
  drawsBy(counter: Tensor, advance: () => void): void {
    this.#recording?.counts(counter, advance);
  }

  /**
   * Collects the tensors made from here on, and disposes them when the scope ends, except those kept. Gradients cannot
   * pass what a scope has disposed: take them before it ends, and keep those.
   */
  scope(): Scope {
    const scope = new Scope(this.#scopes);
    this.#scopes.push(scope);
    return scope;
  }

  /** Registers a tensor with the innermost scope or to the program being recorded. Operations do this by themselves. */
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
    if (this.capabilities.f16) return;
    throw new F16NotSupportedError(this.adapter.name, this.gpu.features.has("shader-f16"));
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
    this.#queue.clear();
    this.ledger.destroyAll();
    this.gpu.destroy();
  }

  #allocate(shape: Shape, dtype: DType, persistent: boolean, limit?: SizeLimit): Tensor {
    this.#health.expectUsable();
    const bytes = checkedBytes(this, shape, dtype, limit);
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
