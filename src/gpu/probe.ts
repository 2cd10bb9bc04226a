import { defineKernel, type Kernel } from "./kernel.ts";
import { PipelineCache } from "./pipelines.ts";
import { judgeProbe, PROBED, probeInputs, probeKernel } from "./probe_f16.ts";

/** What a device can do beyond plain WebGPU, found by compiling and running it. */
export interface Capabilities {
  /** Shaders may compute and store 16-bit floats, and do so rightly. */
  readonly f16: boolean;
  /** Threads that can exchange values without memory, or 0 where subgroups do not work. */
  readonly subgroupSize: number;
  /** The time of each pass can be measured on the GPU. */
  readonly timestamps: boolean;
}

/**
 * Features worth having, most optional first. `subgroups` works in Deno although its adapter does not list it, so
 * all are asked for and a refusal is answered by asking for fewer.
 */
const WANTED = ["shader-f16", "timestamp-query", "subgroups"];

/** Requests a device with all that the adapter gives: as many wanted features as it accepts, the highest limits. */
export async function requestDevice(
  adapter: GPUAdapter,
  limits: Record<string, number>,
): Promise<GPUDevice> {
  const listed = WANTED.filter((feature) =>
    feature === "subgroups" || adapter.features.has(feature as GPUFeatureName)
  );
  const attempts = [listed, listed.filter((feature) => feature !== "subgroups"), []];
  let refusal: unknown;
  for (const features of attempts) {
    try {
      return await adapter.requestDevice({
        requiredFeatures: features as GPUFeatureName[],
        requiredLimits: limits,
      });
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Tries each capability with a small kernel whose result is known. */
export async function probeCapabilities(gpu: GPUDevice): Promise<Capabilities> {
  return {
    f16: await computesF16(gpu),
    subgroupSize: await subgroupSize(gpu),
    timestamps: gpu.features.has("timestamp-query"),
  };
}

/** Whether floats of 16 bits are what they must be, in memory and computed. */
async function computesF16(gpu: GPUDevice): Promise<boolean> {
  if (!gpu.features.has("shader-f16")) return false;
  const { singles, halves } = probeInputs();
  const bytes = { one: PROBED * 2, two: PROBED * 4, four: PROBED * 8 };
  const found = await runKernel(gpu, probeKernel(), [
    singles,
    halves,
    halves,
    bytes.one,
    bytes.one,
    bytes.four,
    bytes.two,
  ]);
  if (!found) return false;
  const [rounded, roundedQuads, widened, computed] = found as [
    ArrayBuffer,
    ArrayBuffer,
    ArrayBuffer,
    ArrayBuffer,
  ];
  return judgeProbe({
    rounded: new Float16Array(rounded),
    roundedQuads: new Float16Array(roundedQuads),
    widened: new Float32Array(widened),
    computed: new Float16Array(computed),
  });
}

/** The subgroup size, if a broadcast from each lane arrives and all subgroups are full. */
async function subgroupSize(gpu: GPUDevice): Promise<number> {
  const report = defineKernel({
    label: "probe subgroups",
    bindings: { y: ["write", "array<f32>"] },
    workgroup: 64,
    subgroups: true,
    body: "  y[thread] = f32(subgroup_size) + 1000.0 * subgroupBroadcast(f32(thread), 3u) + 0.0 * f32(lane);",
  });
  const [written] = await runKernel(gpu, report, [64 * 4]) ?? [];
  const values = written && new Float32Array(written);
  const size = values ? values[0]! % 1000 : 0;
  if (!values || size < 4 || size > 64) return 0;
  const expected = (_: unknown, thread: number) => size + 1000 * (Math.floor(thread / size) * size + 3);
  return Array.from({ length: 64 }, expected).every((value, thread) => value === values[thread]) ? size : 0;
}

/**
 * Runs one workgroup of a kernel: arrays are what it reads, numbers are the bytes that it writes. Gives back what it
 * wrote, or undefined where it does not compile or run.
 */
async function runKernel(
  gpu: GPUDevice,
  kernel: Kernel,
  arrays: readonly (Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer> | number)[],
): Promise<ArrayBuffer[] | undefined> {
  using buffers = new DisposableStack();
  const create = (size: number, usage: number) =>
    buffers.adopt(gpu.createBuffer({ size, usage }), (buffer) => buffer.destroy());
  const sizes = arrays.map((array) => typeof array === "number" ? array : array.byteLength);
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const bound = sizes.map((size) => create(size, STORAGE | COPY_SRC | COPY_DST));
  const written = arrays.flatMap((array, position) => typeof array === "number" ? [position] : []);
  const staging = create(written.reduce((sum, position) => sum + sizes[position]!, 0), MAP_READ | COPY_DST);
  gpu.pushErrorScope("validation");
  try {
    const { pipeline, layout } = new PipelineCache(gpu).get(kernel);
    for (const [position, array] of arrays.entries()) {
      if (typeof array !== "number") gpu.queue.writeBuffer(bound[position]!, 0, array);
    }
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, gpu.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    let at = 0;
    for (const position of written) {
      encoder.copyBufferToBuffer(bound[position]!, 0, staging, at, sizes[position]!);
      at += sizes[position]!;
    }
    gpu.queue.submit([encoder.finish()]);
  } catch {
    await gpu.popErrorScope();
    return undefined;
  }
  if (await gpu.popErrorScope()) return undefined;
  await staging.mapAsync(GPUMapMode.READ);
  const mapped = staging.getMappedRange();
  let at = 0;
  return written.map((position) => mapped.slice(at, at += sizes[position]!));
}
