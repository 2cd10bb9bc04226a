import type { AdapterFacts } from "../device/adapter.ts";
import { familyOf } from "../device/family.ts";
import { ROW_BYTES, texelsOf, textureRows } from "./images/image_memory.ts";
import type { Kernel } from "./kernel.ts";
import { uniformBytes } from "./launch.ts";
import type { PipelineCache } from "./pipelines.ts";

/** Characters of a text whose compilation takes llvmpipe about as long as recording a training step does. */
const LONG = 20_000;

/** Bytes of the buffers that are bound: more than the largest element of any array. */
const BOUND_BYTES = 2 ** 16;

/** What kernels are compiled for. */
interface Place {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterFacts;
  readonly pipelines: Pick<PipelineCache, "get">;
}

/** Devices that had a kernel started. */
const started = new WeakSet<GPUDevice>();

/**
 * Has llvmpipe compile the first long kernel that is recorded, while others still are.
 *
 * It compiles a kernel when that first runs, on a thread of its own, even if it runs with no workgroups. The thread would be
 * idle until the whole program is submitted. Only one kernel is started, since a submit waits for the one before it.
 */
export function startEarly({ gpu, adapter, pipelines }: Place, kernel: Kernel): void {
  if (started.has(gpu) || kernel.code.length < LONG || familyOf(adapter) !== "llvmpipe") return;
  if (!kernel.bindings.every(takesAny)) return;
  started.add(gpu);
  runNowhere(gpu, pipelines, kernel);
}

/** Whether any buffer or texture will do for a binding: an array has as many elements as its buffer has room for. */
function takesAny([, access, type]: Kernel["bindings"][number]): boolean {
  return access === "image" || /^array<[^,]+>$/.test(type);
}

/** Runs a kernel with no workgroups. */
function runNowhere(gpu: GPUDevice, pipelines: Place["pipelines"], kernel: Kernel): void {
  const { pipeline, layout } = pipelines.get(kernel);
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  using owned = new DisposableStack();
  const own = <T extends { destroy(): void }>(one: T): T => owned.adopt(one, () => one.destroy());
  const size = Math.max(BOUND_BYTES, uniformBytes(kernel));
  // A launch may not bind one buffer both for reading and for writing.
  const read = own(gpu.createBuffer({ size, usage: STORAGE | UNIFORM }));
  const written = own(gpu.createBuffer({ size, usage: STORAGE }));
  const image = (type: string) => {
    const { format, bytes } = texelsOf(type);
    const usage = GPUTextureUsage.STORAGE_BINDING;
    return own(gpu.createTexture({ size: [ROW_BYTES / bytes, textureRows(1)], format, usage })).createView();
  };
  const resources: GPUBindingResource[] = kernel.bindings.map(([, access, type]) =>
    access === "image" ? image(type) : { buffer: access === "read" ? read : written }
  );
  if (kernel.uniforms.length > 0) resources.push({ buffer: read });
  const entries = resources.map((resource, binding) => ({ binding, resource }));
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, gpu.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(0);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
}
