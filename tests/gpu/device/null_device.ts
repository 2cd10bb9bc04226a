import type { AdapterFacts, LimitName } from "../../../src/gpu/device/adapter.ts";
import { LIMITS } from "../../../src/gpu/device/adapter.ts";
import { Device } from "../../../src/gpu/mod.ts";

/** Limits that graphics cards have or exceed; all others are no limits. */
const CARD_LIMITS: Partial<Record<LimitName, number>> = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 2 ** 15,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
  minStorageBufferOffsetAlignment: 256,
  minUniformBufferOffsetAlignment: 256,
};

/**
 * A device that computes nothing and compiles nothing, of any adapter: what would be launched there can be recorded
 * and looked at. What is read from it is undefined.
 */
export function nullDevice(name: string): Device {
  const limits = Object.fromEntries(
    LIMITS.map((limit) => [limit, CARD_LIMITS[limit] ?? 2 ** 31 - 4]),
  ) as Record<LimitName, number>;
  const adapter: AdapterFacts = {
    name,
    vendor: "",
    architecture: "",
    software: false,
    limits,
    features: [],
  };
  const capabilities = {
    f16: true,
    int64: false,
    images: false,
    subgroupSize: 32,
    timestamps: false,
    loopIterations: Infinity,
  };
  return new Device(nullGpu(limits), adapter, capabilities);
}

/** As much of WebGPU as a {@linkcode Device} calls. */
function nullGpu(limits: Readonly<Record<LimitName, number>>): GPUDevice {
  const nothing = () => {};
  const pass = {
    setPipeline: nothing,
    setBindGroup: nothing,
    dispatchWorkgroups: nothing,
    end: nothing,
  };
  const encoder = { beginComputePass: () => pass, finish: () => ({}) };
  const gpu = {
    limits,
    features: new Set<string>(),
    lost: new Promise<never>(nothing),
    queue: { submit: nothing, writeBuffer: nothing },
    addEventListener: nothing,
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, destroy: nothing }),
    createShaderModule: () => ({}),
    createComputePipeline: () => ({}),
    createPipelineLayout: () => ({}),
    createBindGroupLayout: () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => encoder,
    destroy: nothing,
  };
  return gpu as unknown as GPUDevice;
}
