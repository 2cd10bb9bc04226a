import { defineKernel, type Kernel } from "./kernel.ts";
import { PipelineCache } from "./pipelines.ts";

/** What a device can do beyond plain WebGPU, found by compiling and running it. */
export interface Capabilities {
  /** Shaders may compute and store 16-bit floats. */
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
  const f16 = gpu.features.has("shader-f16") && await runs(gpu, halfKernel(), [0.5, 1.5, 2.5, 3.5]);
  return {
    f16,
    subgroupSize: await subgroupSize(gpu),
    timestamps: gpu.features.has("timestamp-query"),
  };
}

function halfKernel(): Kernel {
  const kernel = defineKernel({
    label: "probe f16",
    bindings: { y: ["write", "array<f32>"] },
    workgroup: 4,
    body: "  y[thread] = f32(f16(thread) + f16(0.5));",
  });
  return { ...kernel, code: `enable f16;\n${kernel.code}` };
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
  const values = await runKernel(gpu, report, 64);
  const size = values ? values[0]! % 1000 : 0;
  if (!values || size < 4 || size > 64) return 0;
  const expected = (_: unknown, thread: number) => size + 1000 * (Math.floor(thread / size) * size + 3);
  return Array.from({ length: 64 }, expected).every((value, thread) => value === values[thread]) ? size : 0;
}

async function runs(gpu: GPUDevice, kernel: Kernel, expected: number[]): Promise<boolean> {
  const values = await runKernel(gpu, kernel, expected.length);
  return values !== undefined && expected.every((value, position) => value === values[position]);
}

/** Runs one workgroup and reads its output back; undefined where the kernel does not compile or run. */
async function runKernel(gpu: GPUDevice, kernel: Kernel, length: number): Promise<Float32Array | undefined> {
  const size = length * 4;
  const output = gpu.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const staging = gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  gpu.pushErrorScope("validation");
  try {
    const { pipeline, layout } = new PipelineCache(gpu).get(kernel);
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      gpu.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: output } }] }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(output, 0, staging, 0, size);
    gpu.queue.submit([encoder.finish()]);
  } catch {
    await gpu.popErrorScope();
    return undefined;
  }
  if (await gpu.popErrorScope()) return undefined;
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  output.destroy();
  staging.destroy();
  return values;
}
