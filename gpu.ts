/**
 * Tensors on Deno's built-in WebGPU: a device, arrays on it, operations with gradients, and programs that run many
 * operations in one submit.
 *
 * @example Multiply two matrices
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matmul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const a = device.tensor([[1, 2], [3, 4]]);
 * assertEquals([...await matmul(a, a).data()], [7, 10, 15, 22]);
 * ```
 *
 * The losses of `@x/dcgan/nn` are here as well, for scripts that need no layers.
 *
 * @module
 */
import "./src/host/on_native.ts";

export * from "./src/exports/gpu.ts";
