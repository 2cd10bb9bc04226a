import { type Kernel, type Workgroups, writes } from "./kernel.ts";
import type { Meeting } from "../program/shards.ts";
import type { Storage } from "../memory/storage.ts";

/** What a launch reports to timers, and to programs. */
export interface LaunchFacts {
  /**
   * Floating-point operations that it is needed for, a multiply-add being two: of a convolution and of its gradients,
   * all taps at all output pixels, padding included. Only contractions are counted.
   */
  readonly work?: number;
  /** The sizes that it computes, if launches of one kernel differ in them much. */
  readonly detail?: string;
  /**
   * It only copies all elements of what it reads, one storage after another, to what it binds last. A program may leave
   * it out.
   */
  readonly joins?: boolean;
  /**
   * It only adds up so many `parts`, arrays of `size` elements, which lie one after another in the f32 that it binds first,
   * to what it binds last. A launch that reads that may take the parts instead, and a program may put the sum off.
   */
  readonly sums?: { readonly parts: number; readonly size: number };
  /** It stands for a meeting of programs that share the shards of a batch, and computes nothing. */
  readonly meeting?: readonly Meeting[];
}

/** One run of one kernel: which buffers it gets, the values of its uniforms, and how many workgroups. */
export interface Launch extends LaunchFacts {
  /** What runs. */
  readonly kernel: Kernel;
  /** Storages in the order of the kernel's bindings. */
  readonly storages: readonly Storage[];
  /** Values in the order of the kernel's uniforms. */
  readonly uniforms: readonly number[];
  /** Size of the grid. */
  readonly workgroups: Workgroups;
}

/** Bytes of a kernel's uniform block, a multiple of 16 as uniform buffers want it. */
export function uniformBytes(kernel: Kernel): number {
  return Math.ceil(kernel.uniforms.length / 4) * 16;
}

/** Writes a launch's uniform values at a byte offset. */
export function writeUniforms(launch: Launch, view: DataView, offset: number): void {
  for (const [position, [, type]] of launch.kernel.uniforms.entries()) {
    const value = launch.uniforms[position]!;
    const at = offset + position * 4;
    if (type === "f32") view.setFloat32(at, value, true);
    else if (type === "i32") view.setInt32(at, value, true);
    else view.setUint32(at, value, true);
  }
}

/**
 * Throws if a launch binds one buffer both for reading and for writing: WebGPU refuses that even for ranges that do
 * not overlap, and reports it long after the place that caused it.
 */
export function checkAliases(launch: Launch): void {
  const { bindings, label } = launch.kernel;
  for (const [i, [written, access]] of bindings.entries()) {
    if (!writes(access)) continue;
    for (const [j, [other, otherAccess]] of bindings.entries()) {
      if (i === j || otherAccess !== "read") continue;
      if (launch.storages[i]!.root === launch.storages[j]!.root) {
        throw new Error(
          `Kernel '${label}' would read '${other}' and write '${written}' in one buffer: ` +
            "give it an output of its own",
        );
      }
    }
  }
}
