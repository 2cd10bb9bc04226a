import type { Device } from "../../src/gpu/mod.ts";

/** What a program asks of the GPU that may go wrong. */
export type GpuOperation = "createBuffer" | "submit" | "mapAsync";

/** How it goes wrong. */
export type GpuFault =
  /** The call throws, or its promise rejects. */
  | "throws"
  /** The GPU rejects the command without a word, and reports it later, as WebGPU does: what it was to do is not done. */
  | "reports";

/** Where and how. */
export interface GpuFaultOptions {
  /** Which operation. */
  operation: GpuOperation;
  /** Which one of them, counted from 1; without it they are only counted. */
  at?: number;
  /** How it goes wrong. */
  fault?: GpuFault;
}

type Method = (...args: never[]) => unknown;

/** Counts operations of one kind on a device, and lets the nth of them go wrong. */
export class FaultyGpu implements Disposable {
  #count = 0;
  readonly #device: Device;
  readonly #options: GpuFaultOptions;
  readonly #restore = new DisposableStack();

  /** Takes the place of WebGPU's functions until it is disposed. */
  constructor(device: Device, options: GpuFaultOptions) {
    this.#device = device;
    this.#options = options;
    const { gpu } = device;
    const createBuffer = gpu.createBuffer.bind(gpu);
    const submit = gpu.queue.submit.bind(gpu.queue);
    if (options.operation === "createBuffer") {
      this.#replace(GPUDevice.prototype, "createBuffer", () => (descriptor: GPUBufferDescriptor) => {
        if (!this.#isNow()) return createBuffer(descriptor);
        if (options.fault === "throws") throw new Error("Out of memory");
        // No buffer may be mapped both ways
        return createBuffer({ ...descriptor, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
      });
    } else if (options.operation === "submit") {
      this.#replace(GPUQueue.prototype, "submit", () => (commands: GPUCommandBuffer[]) => {
        if (!this.#isNow()) return submit(commands);
        if (options.fault === "throws") throw new Error("Cannot submit");
        submit([...commands, this.#broken()]);
      });
    } else {
      const isNow = (): boolean => this.#isNow();
      this.#replace(
        GPUBuffer.prototype,
        "mapAsync",
        (original) =>
          async function (this: GPUBuffer, ...args: never[]) {
            if (isNow()) throw new DOMException("Cannot map", "OperationError");
            return await original.apply(this, args);
          },
      );
    }
  }

  /** Operations so far. */
  get count(): number {
    return this.#count;
  }

  /** Gives WebGPU's own functions back. */
  [Symbol.dispose](): void {
    this.#restore.dispose();
  }

  #isNow(): boolean {
    return ++this.#count === this.#options.at;
  }

  /** Commands on a buffer that is gone: a submit with them is rejected as a whole. */
  #broken(): GPUCommandBuffer {
    const { gpu } = this.#device;
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const [from, to] = [gpu.createBuffer({ size: 16, usage }), gpu.createBuffer({ size: 16, usage })];
    const encoder = gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, 16);
    from.destroy();
    to.destroy();
    return encoder.finish();
  }

  #replace<T extends object>(of: T, name: keyof T, wrap: (original: Method) => Method): void {
    const original = of[name];
    of[name] = wrap(original as Method) as T[keyof T];
    this.#restore.defer(() => of[name] = original);
  }
}
