import { type Host, host } from "../../host/host.ts";
import { AdapterNotFoundError } from "./errors.ts";

/** What is known of the adapter behind a device. */
export interface AdapterFacts {
  /** The driver's own name for it, for example `llvmpipe (LLVM 15.0.6, 256 bits)`. */
  readonly name: string;
  /** Vendor, if the driver reports it. */
  readonly vendor: string;
  /** Architecture, if the driver reports it. */
  readonly architecture: string;
  /** True if it computes on the CPU (llvmpipe, SwiftShader, WARP). */
  readonly software: boolean;
  /** True if WebGPU reaches it through OpenGL, which is several times slower than Vulkan. */
  readonly openGl?: boolean;
  /** True if WebGPU seems to reach it through Direct3D 12, whose usual compiler is slow. */
  readonly direct3D?: boolean;
  /** The adapter's limits. */
  readonly limits: Readonly<Record<LimitName, number>>;
  /** Features it lists. Deno works without listing `subgroups`; see `Capabilities`. */
  readonly features: readonly string[];
}

/** The limits that this module requests: as much of each as the adapter has. */
export const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
  "minStorageBufferOffsetAlignment",
  "minUniformBufferOffsetAlignment",
] as const;

/** Name of one of {@linkcode LIMITS}. */
export type LimitName = (typeof LIMITS)[number];

/** Name of an adapter of which nothing is told: Firefox keeps it to itself. */
export const UNNAMED = "unnamed adapter";

/**
 * Requests the adapter.
 *
 * @throws {AdapterNotFoundError} saying what to install, if there is none.
 */
export async function requestAdapter(): Promise<GPUAdapter> {
  const gpu = await host().gpu();
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter || computesNothing(adapter)) {
    throw new AdapterNotFoundError(explainMissingAdapter(gpu !== undefined));
  }
  return adapter;
}

/** Whether an adapter is Dawn's for want of a driver, whose results are whatever memory held: Bun hands it out. */
function computesNothing({ info }: GPUAdapter): boolean {
  return [info.device, info.description, info.architecture].some((text) => /^null[- ]backend$/i.test(text));
}

/** Reads name, limits and features. Call it before a device is requested from the adapter. */
export function describeAdapter(
  adapter: GPUAdapter,
  system: Host["system"] = host().system,
): AdapterFacts {
  const { description, device, vendor, architecture } = adapter.info;
  const openGl = runsOnOpenGl(adapter);
  // Kernels that were chosen for an adapter are chosen for its backend as well
  const name = (description || device || [vendor, architecture].join(" ").trim() || UNNAMED) +
    (openGl ? " through OpenGL" : "");
  const fallback = (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
  return {
    name,
    vendor,
    architecture,
    ...(openGl ? { openGl } : {}),
    ...(!openGl && runsOnDirect3D(adapter, system) ? { direct3D: true } : {}),
    software: fallback ||
      /llvmpipe|lavapipe|swiftshader|basic render|software/i.test(`${name} ${architecture}`),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])) as Record<
      LimitName,
      number
    >,
    features: [...adapter.features].sort(),
  };
}

/**
 * Whether an adapter is one of OpenGL. Nothing names the backend, but only this one sets no limit to the bindings of a
 * group, knows no subgroups, for which all sizes that there are stand then, and cannot write to BGRA textures.
 */
function runsOnOpenGl({ limits, info, features }: GPUAdapter): boolean {
  const { subgroupMinSize, subgroupMaxSize } = info as { subgroupMinSize?: number; subgroupMaxSize?: number };
  return limits.maxBindingsPerBindGroup === 2 ** 32 - 1 && subgroupMinSize === 4 && subgroupMaxSize === 128 &&
    !features.has("bgra8unorm-storage");
}

/** Bytes that places of uniforms are multiples of on Direct3D 12, whatever the card; on Vulkan, cards of today want less. */
const DIRECT3D_ALIGNMENT = 256;

/** Whether an adapter is one of Direct3D 12, as far as can be told: nothing names the backend. */
function runsOnDirect3D({ limits }: GPUAdapter, system: Host["system"]): boolean {
  const asked = askedBackend();
  return system === "windows" && limits.minUniformBufferOffsetAlignment === DIRECT3D_ALIGNMENT &&
    (asked === undefined || /dx12|d3d12/i.test(asked));
}

/** How to get a Vulkan driver on Linux. */
const VULKAN_ON_LINUX =
  "Install a Vulkan driver: on Debian or Ubuntu 'apt-get install mesa-vulkan-drivers' (it includes a " +
  "software one that needs no GPU), for NVIDIA cards the vendor's driver; in containers pass the card through. " +
  "'vulkaninfo --summary' shows what Vulkan sees";

/** The runtime, its operating system and processor. */
export function describeRuntime(): string {
  const { runtime, system, arch } = host();
  return `${runtime}, ${system} ${arch}`.trimEnd();
}

function adviceOnDrivers({ kind, system }: Host, hasWebGpu: boolean): string {
  if (kind === "browser") return IN_A_BROWSER;
  if (kind === "node" && !hasWebGpu) return FOR_NODE;
  if (system === "linux") return VULKAN_ON_LINUX;
  if (system === "darwin") {
    return "WebGPU runs on Metal, which most virtual machines do not offer: run on the machine itself";
  }
  if (system !== "windows") return "Install a Vulkan driver for this system";
  return "Update the graphics driver" + (kind === "deno" ? ", or set DENO_WEBGPU_BACKEND=vulkan" : "");
}

/** How to get WebGPU in a page. */
const IN_A_BROWSER =
  "The page must come from https or localhost, in a browser with WebGPU: Chrome or Edge 113, Safari 26, " +
  "Firefox 141 on Windows, or newer ones. Turn on graphics acceleration in its settings and update the " +
  "graphics driver; 'chrome://gpu' says what is missing. Chromium on Linux may need --enable-unsafe-webgpu";

/** How to get WebGPU in Node, which has none of its own. */
const FOR_NODE = "Node has no WebGPU of its own: install the package 'webgpu' beside this one";

/**
 * What to do on this system so that WebGPU finds an adapter, in a few sentences.
 *
 * @param hasWebGpu Whether the runtime has WebGPU at all.
 */
export function explainMissingAdapter(hasWebGpu = true): string {
  return `No WebGPU adapter found (${describeRuntime()}). ${adviceOnDrivers(host(), hasWebGpu)}`;
}

/** What it means that WebGPU runs on OpenGL, and what to do, in a few sentences. */
export function explainOpenGl(): string {
  const found = "WebGPU runs on OpenGL here, which is several times slower than Vulkan. ";
  if (askedBackend() !== undefined) return `${found}DENO_WEBGPU_BACKEND asks for that: unset it`;
  return found + (host().system === "linux" ? VULKAN_ON_LINUX : "Install a Vulkan driver for this system");
}

/** What it means that WebGPU runs on Direct3D 12, and what to do, in a few sentences. */
export function explainDirect3D(): string {
  return "WebGPU seems to run on Direct3D 12 here. Its compiler can take seconds for each kernel of a matrix product: a run " +
    "then begins minutes late, and --tune takes far longer. Install or update the card's own driver, which has Vulkan, " +
    (askedBackend() === undefined
      ? "and set DENO_WEBGPU_BACKEND=vulkan to be sure that it is used"
      : "and set DENO_WEBGPU_BACKEND to vulkan");
}

/** The backend that `DENO_WEBGPU_BACKEND` names; undefined if it is not set, or may not be read without asking. */
export function askedBackend(): string | undefined {
  return host().kind === "deno" ? host().env("DENO_WEBGPU_BACKEND") || undefined : undefined;
}
