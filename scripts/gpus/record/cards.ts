import { Device } from "../../../src/gpu/device/device.ts";
import type { Family } from "../../../src/gpu/device/family.ts";
import { standInGpu } from "./stand_in_gpu.ts";

/** A graphics card whose choices of kernels are looked at. */
export interface Card {
  /** Short name. */
  readonly name: string;
  /** How its adapter names itself, by which the module knows its family. */
  readonly adapter: string;
  /** The family that the module must take it for. */
  readonly family: Family;
  /** Multiply-adds of 32 bits that it starts in one clock: as many threads keep each of its units busy. */
  readonly lanes: number;
  /** Threads of a subgroup. */
  readonly subgroupSize: number;
  /** Bytes of memory of a workgroup. */
  readonly workgroupMemory: number;
}

/** Cards of each family, from the largest to the smallest. The numbers of lanes are the vendors' own. */
export const CARDS: readonly Card[] = [
  {
    name: "H100",
    adapter: "NVIDIA H100 80GB HBM3",
    family: "nvidia",
    lanes: 16_896,
    subgroupSize: 32,
    workgroupMemory: 49_152,
  },
  {
    name: "RTX 4090",
    adapter: "NVIDIA GeForce RTX 4090",
    family: "nvidia",
    lanes: 16_384,
    subgroupSize: 32,
    workgroupMemory: 49_152,
  },
  {
    name: "M3 Max",
    adapter: "Apple M3 Max",
    family: "apple",
    lanes: 5_120,
    subgroupSize: 32,
    workgroupMemory: 32_768,
  },
  {
    name: "M2",
    adapter: "Apple M2",
    family: "apple",
    lanes: 1_280,
    subgroupSize: 32,
    workgroupMemory: 32_768,
  },
  {
    name: "RX 6800 XT",
    adapter: "AMD Radeon RX 6800 XT (RADV NAVI21)",
    family: "amd",
    lanes: 4_608,
    subgroupSize: 64,
    workgroupMemory: 65_536,
  },
  {
    name: "Arc A770",
    adapter: "Intel(R) Arc(tm) A770 Graphics (DG2)",
    family: "intel",
    lanes: 4_096,
    subgroupSize: 16,
    workgroupMemory: 65_536,
  },
  {
    name: "Iris Xe",
    adapter: "Intel(R) Iris(R) Xe Graphics (TGL GT2)",
    family: "intel",
    lanes: 768,
    subgroupSize: 16,
    workgroupMemory: 65_536,
  },
  {
    name: "Adreno 740",
    adapter: "Adreno (TM) 740",
    family: "other",
    lanes: 1_536,
    subgroupSize: 64,
    workgroupMemory: 32_768,
  },
];

/**
 * Limits that all cards reach, as Deno gives them. On most, bindings may be larger, which no tensor of the workloads
 * needs.
 */
const LIMITS = {
  maxBufferSize: 2 ** 31,
  maxStorageBufferBindingSize: 2 ** 30,
  maxStorageBuffersPerShaderStage: 31,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupSizeY: 1024,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
  minStorageBufferOffsetAlignment: 64,
  minUniformBufferOffsetAlignment: 64,
};

/**
 * A device that records what the module would run on a card. Nothing runs on it, so its capabilities are not probed
 * but those that such cards have.
 */
export function recordingDevice({ adapter: name, subgroupSize, workgroupMemory }: Card): Device {
  const limits = { ...LIMITS, maxComputeWorkgroupStorageSize: workgroupMemory };
  const facts = { name, vendor: "", architecture: "", software: false, limits, features: [] };
  const capabilities = {
    f16: true,
    int64: false,
    images: false,
    subgroupSize,
    timestamps: true,
    loopIterations: Infinity,
  };
  return new Device(standInGpu(limits), facts, capabilities);
}
