import { type AdapterFacts, UNNAMED } from "./adapter.ts";
import type { Capabilities } from "./capabilities.ts";
import { familyOf } from "./family.ts";
import { memoryOf } from "../kernel/float_memory.ts";
import { imageLoad, imageType, ROW_BYTES } from "../kernel/images/image_memory.ts";
import { createImage, encodeImageCopy } from "../kernel/images/create_images.ts";
import { Ledger } from "../memory/ledger.ts";
import { defineKernel, type Kernel } from "../kernel/kernel.ts";
import { PipelineCache } from "../kernel/pipelines.ts";
import { judgeProbe, PROBED, probeInputs, probeKernel } from "./probe_f16.ts";

/** Features worth having if the adapter lists them. */
const LISTED = ["shader-f16", "timestamp-query"];

/**
 * Features that Deno's adapters have without listing them: they are requested, and a refusal is answered by requesting
 * fewer, the last of them first.
 */
const HIDDEN = { subgroups: "subgroups", int64: "wgpu-shader-int64" };

/** Requests a device with all that the adapter gives: as many wanted features as it accepts, the highest limits. */
export async function requestDevice(adapter: GPUAdapter, facts: AdapterFacts): Promise<GPUDevice> {
  const listed = LISTED.filter((feature) => adapter.features.has(feature as GPUFeatureName));
  const { subgroups, int64 } = HIDDEN;
  const useful = familyOf(facts) === "llvmpipe" ? [[subgroups, int64]] : [];
  const attempts = [...[...useful, [subgroups], []].map((hidden) => [...listed, ...hidden]), []];
  let refusal: unknown;
  for (const features of attempts) {
    try {
      return await adapter.requestDevice({
        requiredFeatures: features as GPUFeatureName[],
        requiredLimits: { ...facts.limits },
      });
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Tries each capability with a small kernel whose result is known, all at once, so that there is one wait. */
export async function probeCapabilities(
  gpu: GPUDevice,
  facts: AdapterFacts,
): Promise<Capabilities> {
  const [f16, int64, images, shared, iterations] = await Promise.all([
    computesF16(gpu),
    movesInt64(gpu),
    familyOf(facts) === "llvmpipe" && readsImages(gpu),
    subgroups(gpu),
    // An adapter that tells nothing may compute on a processor, too
    facts.software || facts.name === UNNAMED ? loopIterations(gpu) : Infinity,
  ]);
  return {
    f16,
    int64,
    images,
    ...shared,
    timestamps: gpu.features.has("timestamp-query"),
    loopIterations: iterations,
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

/** Whether four floats come back from integers of 64 bits as they are, whatever their bits. */
async function movesInt64(gpu: GPUDevice): Promise<boolean> {
  const { array, load, store } = memoryOf(
    { dtype: "f32", device: { capabilities: { int64: true, images: false } } },
    "vec4f",
  );
  const copy = defineKernel({
    label: "probe 64-bit integers",
    bindings: { x: ["read", array], y: ["write", array] },
    workgroup: 2,
    body: `  y[thread] = ${store(`${load("x[thread]")}.wzyx`)};`,
  });
  const bits = [0x3f800000, 0x80000000, 0xbf99999a, 1, 0xff7fffff, 0x7f800000, 0, 0x40490fdb];
  const [written] = await runKernel(gpu, copy, [new Float32Array(Uint32Array.from(bits).buffer), 8 * 4]) ??
    [];
  const expected = [3, 2, 1, 0, 7, 6, 5, 4].map((from) => bits[from]);
  return written !== undefined && new Uint32Array(written).every((found, at) => found === expected[at]);
}

/** Whether floats come back from a texture as they are, one by one and in fours, in its first row and in its last. */
async function readsImages(gpu: GPUDevice): Promise<boolean> {
  const fours = ROW_BYTES / 16 + 2;
  const four = `thread + select(0u, ${fours - 4}u, thread >= 2u)`;
  const copy = defineKernel({
    label: "probe images",
    bindings: {
      x: ["image", imageType("vec4f")],
      y: ["image", imageType("f32")],
      z: ["write", "array<f32>"],
    },
    workgroup: 4,
    body: `  let four = ${imageLoad("x", "vec4f", four)};
  for (var i = 0u; i < 4u; i++) {
    z[thread * 4u + i] = select(0.0, four[i], four[i] == ${imageLoad("y", "f32", `(${four}) * 4u + i`)});
  }`,
  });
  const floats = Float32Array.from({ length: fours * 4 }, (_, at) => at - 7.25);
  const [written] = await runKernel(gpu, copy, [floats, floats, 4 * 16]) ?? [];
  const expected = [...floats.subarray(0, 8), ...floats.subarray(-8)];
  return written !== undefined && new Float32Array(written).every((found, at) => found === expected[at]);
}

/** Subgroups as Deno's compiler takes them, or, if that does not work, with the directive that WebGPU asks for. */
async function subgroups(gpu: GPUDevice): Promise<Pick<Capabilities, "subgroupSize" | "subgroupDirective">> {
  const plain = await subgroupSize(gpu, false);
  const enabled = plain === 0 && gpu.features.has(HIDDEN.subgroups as GPUFeatureName)
    ? await subgroupSize(gpu, true)
    : 0;
  return enabled > 0 ? { subgroupSize: enabled, subgroupDirective: true } : { subgroupSize: plain };
}

/** The subgroup size, if a broadcast from each lane arrives and all subgroups are full. */
async function subgroupSize(gpu: GPUDevice, subgroupDirective: boolean): Promise<number> {
  const report = defineKernel({
    label: "probe subgroups",
    bindings: { y: ["write", "array<f32>"] },
    workgroup: 64,
    subgroups: true,
    body: "  y[thread] = f32(subgroup_size) + 1000.0 * subgroupBroadcast(f32(thread), 3u) + 0.0 * f32(lane);",
  });
  const [written] = await runKernel(gpu, report, [64 * 4], { subgroupDirective }) ?? [];
  const values = written && new Float32Array(written);
  const size = values ? values[0]! % 1000 : 0;
  if (!values || size < 4 || size > 64) return 0;
  const expected = (_: unknown, thread: number) => size + 1000 * (Math.floor(thread / size) * size + 3);
  return Array.from({ length: 64 }, expected).every((value, thread) => value === values[thread]) ? size : 0;
}

/** Iterations that are tried: more than twice what any known driver stops at, and a millisecond on a CPU. */
const ITERATIONS_TRIED = 2 ** 18;

/** What is assumed if the probe cannot run: the least that any known driver allows. */
const LEAST_ITERATIONS = 65535;

/**
 * Iterations after which loops end too early, Infinity if all of them ran. The length of the loop is
 * read from memory and the sum in it is one of floats, so that no compiler can compute either in advance.
 */
async function loopIterations(gpu: GPUDevice): Promise<number> {
  const count = defineKernel({
    label: "probe loops",
    bindings: { length: ["read", "array<f32>"], counted: ["write", "array<f32>"] },
    workgroup: 1,
    body: `  var sum = 0.0;
  for (var i = 0u; i < u32(length[0]); i++) { sum += length[1]; }
  counted[0] = sum;`,
  });
  const [written] = await runKernel(gpu, count, [new Float32Array([ITERATIONS_TRIED, 1]), 4]) ?? [];
  if (!written) return LEAST_ITERATIONS;
  const [counted] = new Float32Array(written);
  return counted === ITERATIONS_TRIED ? Infinity : counted!;
}

/**
 * Runs one workgroup of a kernel: arrays are what it reads, numbers are the bytes that it writes. Gives back what it
 * wrote, or undefined if it does not compile or run.
 */
async function runKernel(
  gpu: GPUDevice,
  kernel: Kernel,
  arrays: readonly (Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer> | number)[],
  compiler: Pick<Capabilities, "subgroupDirective"> = {},
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
    const { pipeline, layout } = new PipelineCache(gpu, compiler).get(kernel);
    for (const [position, array] of arrays.entries()) {
      if (typeof array !== "number") gpu.queue.writeBuffer(bound[position]!, 0, array);
    }
    const encoder = gpu.createCommandEncoder();
    const entries = bound.map((buffer, binding) => {
      const [, access, type] = kernel.bindings[binding]!;
      if (access !== "image") return { binding, resource: { buffer } };
      const texture = createImage(gpu, new Ledger(), type, Math.ceil(buffer.size / ROW_BYTES));
      buffers.defer(() => texture.destroy());
      encodeImageCopy(encoder, { source: { buffer, offset: 0, size: buffer.size }, texture });
      return { binding, resource: texture.createView() };
    });
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
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
