import { floatPreamble } from "./float_memory.ts";
import { imagePreamble } from "./images/image_memory.ts";

/**
 * How a kernel uses one of its buffers. `update` reads and writes. `image` reads a copy of the buffer in a texture of type
 * `texture_storage_2d<r32float, read>`, or `rgba32float` for four floats a texel: row after row of 16 KiB.
 */
export type Access = "read" | "write" | "update" | "image";

/** Whether a kernel changes what it accesses so. */
export function writes(access: Access): boolean {
  return access === "write" || access === "update";
}

/** The types a uniform field can have. */
export type UniformType = "u32" | "i32" | "f32";

/** What a kernel is made of. From this, {@linkcode defineKernel} writes the WGSL around `body`. */
export interface KernelSpec {
  /** Name for error messages and profiles. Kernels of equal text share a pipeline whatever their label. */
  label: string;
  /** Buffers in binding order: access and WGSL type, for example `["read", "array<vec4f>"]`. */
  bindings: Record<string, readonly [Access, string]>;
  /** Fields of the uniform block, read as `params.name`. Values are given with each launch. */
  uniforms?: Record<string, UniformType>;
  /**
   * Threads in a workgroup.
   *
   * @default {64}
   */
  workgroup?: number | readonly [number, number, number];
  /** Functions, constants and workgroup variables that `body` uses. */
  declarations?: string;
  /**
   * Statements of the entry point. They see `group`, `groups`, `local`, `thread` (index in the workgroup) and
   * `index` (index in a grid made by {@linkcode linearGrid}); with `subgroups` also `lane` and `subgroup`.
   */
  body: string;
  /** The body uses subgroup operations. */
  subgroups?: boolean;
  /**
   * The most iterations that the loops of one thread take together, for the values of the uniforms. Software drivers
   * end a kernel's loops after a limit without an error (llvmpipe: 65,535), so a launch that would need more is
   * refused. A kernel with loops that does not declare this is not checked.
   */
  iterations?: Iterations;
}

/** The most iterations that the loops of one thread take together, for the values of a launch's uniforms. */
export type Iterations = (uniforms: Readonly<Record<string, number>>) => number;

/** WGSL text with all that is needed to launch it. Pure data: created and tested without a GPU. */
export interface Kernel {
  /** Name for error messages and profiles. */
  readonly label: string;
  /** The complete shader. */
  readonly code: string;
  /** Buffers in binding order, with the WGSL type that they are read and written as. */
  readonly bindings: readonly (readonly [name: string, access: Access, type: string])[];
  /** Uniform fields in order. */
  readonly uniforms: readonly (readonly [name: string, type: UniformType])[];
  /** The body uses subgroup operations. */
  readonly subgroups: boolean;
  /** The most iterations that the loops of one thread take together; undefined if the kernel does not declare it. */
  readonly iterations?: Iterations;
}

/**
 * Writes the shader of a kernel: declarations of buffers and uniforms, then the entry point around its body. If it
 * has floats of 16 bits, the shader enables them, and includes the function that rounds to them.
 */
export function defineKernel(spec: KernelSpec): Kernel {
  const bindings = Object.entries(spec.bindings);
  const uniforms = Object.entries(spec.uniforms ?? {});
  const [x, y, z] = typeof spec.workgroup === "object" ? spec.workgroup : [spec.workgroup ?? 64, 1, 1];
  const lines = bindings.map(([name, [access, type]], binding) => {
    const variable = access === "image"
      ? "var"
      : `var<storage, ${access === "read" ? "read" : "read_write"}>`;
    return `@group(0) @binding(${binding}) ${variable} ${name}: ${type};`;
  });
  if (uniforms.length > 0) {
    lines.push(`struct Params { ${uniforms.map(([name, type]) => `${name}: ${type},`).join(" ")} }`);
    lines.push(`@group(0) @binding(${bindings.length}) var<uniform> params: Params;`);
  }
  const subgroup = spec.subgroups
    ? ", @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) subgroup_size: u32"
    : "";
  const text = [...lines, spec.declarations ?? "", spec.body].join("\n");
  const preamble = floatPreamble(text) + imagePreamble(text);
  const code = `${preamble}${lines.join("\n")}
${spec.declarations ?? ""}
@compute @workgroup_size(${x}, ${y}, ${z})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) thread: u32${subgroup}) {
  let index = (group.y * groups.x + group.x) * ${x * y * z}u + thread;
${spec.body}
}
`;
  return {
    label: spec.label,
    code,
    bindings: bindings.map(([name, [access, type]]) => [name, access, type] as const),
    uniforms,
    subgroups: spec.subgroups ?? false,
    ...(spec.iterations ? { iterations: spec.iterations } : {}),
  };
}

/** Numbers of workgroups along x, y and z. */
export type Workgroups = readonly [number, number, number];

/** WebGPU's portable limit on workgroups along one axis. */
const MAX_WORKGROUPS = 65535;

/**
 * Workgroups for `threads` threads in a row, folded into two axes if one is not enough. The kernel finds its
 * thread in `index` and must leave when that is past the end.
 */
export function linearGrid(threads: number, workgroup = 64): Workgroups {
  const needed = Math.ceil(threads / workgroup);
  if (needed <= MAX_WORKGROUPS) return [needed, 1, 1];
  return [MAX_WORKGROUPS, Math.ceil(needed / MAX_WORKGROUPS), 1];
}
