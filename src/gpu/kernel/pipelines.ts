import { texelsOf } from "./images/image_memory.ts";
import { type Kernel, writes } from "./kernel.ts";

/** What a binding of a layout is: a buffer, or a texture of a format. */
type BindingType = GPUBufferBindingType | "r32float" | "rgba32float";

/** A compiled kernel. */
export interface Pipeline {
  /** What the pass sets. */
  readonly pipeline: GPUComputePipeline;
  /** The layout its bind groups are made with. */
  readonly layout: GPUBindGroupLayout;
}

/** Compiles kernels once each. Kernels of equal text share a pipeline. */
export class PipelineCache {
  #gpu: GPUDevice;
  #subgroupDirective: boolean;
  #pipelines = new Map<string, Pipeline>();
  #layouts = new Map<string, GPUBindGroupLayout>();

  /** Compiles for this device, whose compiler may want a directive in kernels with subgroups. */
  constructor(gpu: GPUDevice, { subgroupDirective = false }: { readonly subgroupDirective?: boolean } = {}) {
    this.#gpu = gpu;
    this.#subgroupDirective = subgroupDirective;
  }

  /** The pipeline of a kernel, compiled at the first call. */
  get(kernel: Kernel): Pipeline {
    let found = this.#pipelines.get(kernel.code);
    if (!found) {
      const layout = this.#layout(kernel);
      const directive = this.#subgroupDirective && kernel.subgroups ? "enable subgroups;\n" : "";
      const module = this.#gpu.createShaderModule({
        label: kernel.label,
        code: directive + kernel.code,
      });
      const pipeline = this.#gpu.createComputePipeline({
        label: kernel.label,
        layout: this.#gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: "main" },
      });
      found = { pipeline, layout };
      this.#pipelines.set(kernel.code, found);
    }
    return found;
  }

  #layout(kernel: Kernel): GPUBindGroupLayout {
    const types: BindingType[] = kernel.bindings.map(([, access, type]) =>
      access === "image" ? texelsOf(type).format : writes(access) ? "storage" : "read-only-storage"
    );
    if (kernel.uniforms.length > 0) types.push("uniform");
    const key = types.join();
    let layout = this.#layouts.get(key);
    if (!layout) {
      layout = this.#gpu.createBindGroupLayout({
        entries: types.map((type, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          ...layoutOf(type),
        })),
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

function layoutOf(type: BindingType): Pick<GPUBindGroupLayoutEntry, "buffer" | "storageTexture"> {
  return type === "r32float" || type === "rgba32float"
    ? { storageTexture: { access: "read-only", format: type } }
    : { buffer: { type } };
}
