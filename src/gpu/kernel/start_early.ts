import type { AdapterFacts } from "../device/adapter.ts";
import { familyOf } from "../device/family.ts";
import { ROW_BYTES, texelsOf, textureRows } from "./images/image_memory.ts";
import type { Kernel } from "./kernel.ts";
import { uniformBytes } from "./launch.ts";
import type { PipelineCache } from "./pipelines.ts";

/** Characters of a text that takes llvmpipe a quarter of a second or more to compile. */
const LONG = 20_000;

/** Long kernels that take about as long to compile as a training step takes to record. */
const ENOUGH = 2;

/** Bytes of the buffers that are bound: more than the largest element of any array. */
const BOUND_BYTES = 2 ** 16;

/** What kernels are compiled for, such as a device. */
export interface Compiling {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterFacts;
  readonly pipelines: Pick<PipelineCache, "get">;
}

/** The long kernels that were recorded on a device, until there are enough. */
const waiting = new WeakMap<GPUDevice, readonly Kernel[]>();

/**
 * Has llvmpipe compile the first two long kernels that are recorded, while others still are.
 *
 * It compiles a kernel when that first runs, on a thread of its own, even if it runs with no workgroups. The thread would be
 * idle until the whole program is submitted. Nothing else is started, since a submit waits for the one before it.
 */
export function startEarly({ gpu, adapter, pipelines }: Compiling, kernel: Kernel): void {
  if (kernel.code.length < LONG || familyOf(adapter) !== "llvmpipe") return;
  const before = waiting.get(gpu) ?? [];
  if (before.length === ENOUGH || before.some(({ code }) => code === kernel.code)) return;
  if (!kernel.bindings.every(takesAny)) return;
  const found = [...before, kernel];
  waiting.set(gpu, found);
  if (found.length === ENOUGH) runNowhere(gpu, pipelines, found);
}

/** Whether any buffer or texture will do for a binding: an array has as many elements as its buffer has room for. */
function takesAny([, access, type]: Kernel["bindings"][number]): boolean {
  return access === "image" || /^array<[^,]+>$/.test(type);
}

/** Runs kernels with no workgroups. */
function runNowhere(gpu: GPUDevice, pipelines: Compiling["pipelines"], kernels: readonly Kernel[]): void {
  const { STORAGE, UNIFORM } = GPUBufferUsage;
  using owned = new DisposableStack();
  const own = <T extends { destroy(): void }>(one: T): T => owned.adopt(one, () => one.destroy());
  const size = Math.max(BOUND_BYTES, ...kernels.map(uniformBytes));
  // A launch may not bind one buffer both for reading and for writing.
  const read = own(gpu.createBuffer({ size, usage: STORAGE | UNIFORM }));
  const written = own(gpu.createBuffer({ size, usage: STORAGE }));
  const image = (type: string) => {
    const { format, bytes } = texelsOf(type);
    const usage = GPUTextureUsage.STORAGE_BINDING;
    return own(gpu.createTexture({ size: [ROW_BYTES / bytes, textureRows(1)], format, usage })).createView();
  };
  const resourcesOf = ({ bindings, uniforms }: Kernel): GPUBindingResource[] => [
    ...bindings.map(([, access, type]) =>
      access === "image" ? image(type) : { buffer: access === "read" ? read : written }
    ),
    ...(uniforms.length > 0 ? [{ buffer: read }] : []),
  ];
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const kernel of kernels) {
    const { pipeline, layout } = pipelines.get(kernel);
    const entries = resourcesOf(kernel).map((resource, binding) => ({ binding, resource }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, gpu.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(0);
  }
  pass.end();
  gpu.queue.submit([encoder.finish()]);
}
