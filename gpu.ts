/**
 * Tensors on Deno's built-in WebGPU: a device, arrays on it, operations with gradients, and programs that run many
 * operations in one submit.
 *
 * @example Multiply two matrices
 * ```ts
 * import { matmul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const a = device.tensor([[1, 2], [3, 4]]);
 * console.log(await matmul(a, a).data()); // Float32Array [7, 10, 15, 22]
 * ```
 *
 * The losses of `@x/dcgan/nn` are here as well, for scripts that need no layers.
 *
 * @module
 */
export * from "./src/gpu/mod.ts";
export {
  bce,
  bceWithLogits,
  hingeDiscriminator,
  hingeGenerator,
  meanSigmoid,
  mse,
} from "./src/nn/losses/losses.ts";
export { crossEntropy } from "./src/nn/losses/cross_entropy.ts";
export * from "./src/nn/losses/logistic_scores.ts";
