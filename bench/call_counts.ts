import type { Device } from "../src/gpu/mod.ts";

/** Calls of WebGPU that something makes. */
export interface CallCounts {
  /** Command buffers handed to the queue, submit by submit. */
  readonly submits: number;
  /** Uploads. */
  readonly writes: number;
  /** Buffers made. */
  readonly buffers: number;
  /** Bind groups made. */
  readonly bindGroups: number;
}

/** Runs something and counts what it asks of WebGPU, rather than believing what it says of itself. */
export function countCalls({ gpu }: Device, run: () => void): CallCounts {
  const counts = { submits: 0, writes: 0, buffers: 0, bindGroups: 0 };
  using _calls = new DisposableStack();
  const watch = <T extends object>(
    target: T,
    method: keyof T & string,
    counter: keyof typeof counts,
  ): void => {
    const original = target[method] as (...args: unknown[]) => unknown;
    Object.defineProperty(target, method, {
      configurable: true,
      value: (...args: unknown[]) => {
        counts[counter]++;
        return original.apply(target, args);
      },
    });
    // The method itself is on the prototype, and shows again.
    _calls.defer(() => Reflect.deleteProperty(target, method));
  };
  watch(gpu.queue, "submit", "submits");
  watch(gpu.queue, "writeBuffer", "writes");
  watch(gpu, "createBuffer", "buffers");
  watch(gpu, "createBindGroup", "bindGroups");
  run();
  return counts;
}
