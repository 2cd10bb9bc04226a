import { ROW_BYTES, texelsOf, textureRows } from "./images/image_memory.ts";
import type { Kernel } from "./kernel.ts";
import { uniformBytes } from "./launch.ts";
import type { Pipeline, PipelineCache } from "./pipelines.ts";

/** Characters of a text whose compilation takes a software driver about as long as recording a training step does. */
const LONG = 20_000;

/** Bytes of the buffers that are bound: more than the largest element of any array. */
const BOUND_BYTES = 2 ** 16;

/**
 * Has a driver compile the first long kernel of a program while the rest is recorded.
 *
 * Mesa's llvmpipe compiles a kernel when it first runs, on a thread of its own, even if it runs with no workgroups. That
 * thread would be idle until the whole program is submitted. Only one kernel is started, since a submit waits for
 * the one before it.
 */
export class EarlyStart {
  readonly #gpu: GPUDevice;
  readonly #pipelines: PipelineCache;
  #done = false;

  /** For a device. */
  constructor(gpu: GPUDevice, pipelines: PipelineCache) {
    this.#gpu = gpu;
    this.#pipelines = pipelines;
  }

  /** Takes note of a kernel that is recorded, and starts it if it is the first that is long. */
  hear(kernel: Kernel): void {
    if (this.#done || kernel.code.length < LONG || !kernel.bindings.every(isBound)) return;
    this.#done = true;
    this.#start(kernel, this.#pipelines.get(kernel));
  }

  /** Runs a kernel with no workgroups. */
  #start(kernel: Kernel, { pipeline, layout }: Pipeline): void {
    const { STORAGE, UNIFORM } = GPUBufferUsage;
    using owned = new DisposableStack();
    const own = <T extends { destroy(): void }>(one: T): T => owned.adopt(one, () => one.destroy());
    const size = Math.max(BOUND_BYTES, uniformBytes(kernel));
    // A launch may not bind one buffer both for reading and for writing.
    const read = own(this.#gpu.createBuffer({ size, usage: STORAGE | UNIFORM }));
    const written = own(this.#gpu.createBuffer({ size, usage: STORAGE }));
    const image = (type: string) => {
      const { format, bytes } = texelsOf(type);
      const descriptor = {
        size: [ROW_BYTES / bytes, textureRows(1)],
        format,
        usage: GPUTextureUsage.STORAGE_BINDING,
      };
      return own(this.#gpu.createTexture(descriptor)).createView();
    };
    const resources: GPUBindingResource[] = kernel.bindings.map(([, access, type]) =>
      access === "image" ? image(type) : { buffer: access === "read" ? read : written }
    );
    if (kernel.uniforms.length > 0) resources.push({ buffer: read });
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    const encoder = this.#gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#gpu.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(0);
    pass.end();
    this.#gpu.queue.submit([encoder.finish()]);
  }
}

/** Whether any buffer or texture will do for a binding: an array has as many elements as its buffer has room for. */
function isBound([, access, type]: Kernel["bindings"][number]): boolean {
  return access === "image" || /^array<[^,]+>$/.test(type);
}
