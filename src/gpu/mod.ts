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
 * @module
 */
export * from "./adapter.ts";
export * from "./bound_launch.ts";
export * from "./device.ts";
export * from "./doctor.ts";
export * from "./errors.ts";
export * from "./fma_limit.ts";
export type { FloatType } from "./float_memory.ts";
export * from "./kernel.ts";
export type { Launch, LaunchFacts } from "./launch.ts";
export * from "./launch_timer.ts";
export { expectKnownOptions, type OptionNames } from "./known_options.ts";
export * from "./ledger.ts";
export type { NestedNumbers } from "./nested.ts";
export * from "./pipelines.ts";
export type { Tuned } from "./tuning/tune.ts";
export type { Capabilities } from "./probe.ts";
export { printAsText } from "./print_as_text.ts";
export * from "./profile.ts";
export * from "./program.ts";
export * from "./scope.ts";
export type { Shape } from "./shape.ts";
export * from "./stopwatch.ts";
export * from "./storage.ts";
export * from "./tensor.ts";
export * from "./ops/relu.ts";
export * from "./ops/accumulate.ts";
export * from "./ops/fill.ts";
export * from "./ops/map.ts";
export { add, div, mul, type Operand, sub } from "./ops/arithmetic.ts";
export { mean, type ReduceOptions, sum } from "./ops/sum.ts";
export { leakyRelu } from "./ops/leaky_relu.ts";
export { tanh } from "./ops/tanh.ts";
export { sigmoid } from "./ops/sigmoid.ts";
export { softplus } from "./ops/softplus.ts";
export { abs, exp, log, neg, sqrt, square } from "./ops/pointwise.ts";
export * from "./ops/matmul.ts";
export * from "./ops/linear.ts";
export { conv2d, type Conv2dOptions } from "./ops/conv2d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "./ops/conv_transpose2d.ts";
export { bce, bceWithLogits, hingeDiscriminator, hingeGenerator, meanSigmoid, mse } from "./ops/losses.ts";
export { softmax } from "./ops/softmax.ts";
export { crossEntropy } from "./ops/cross_entropy.ts";
export { advance, recordScalars } from "./ops/record_scalars.ts";
export { batchNorm, type BatchNormOptions, type FusedActivation } from "./ops/batch_norm.ts";
export { upsampledConv2d, type UpsampledConv2dOptions } from "./ops/upsampled_conv2d.ts";
export { upsampleNearest } from "./ops/upsample_nearest.ts";
export { avgPool2d, type AvgPool2dOptions } from "./ops/avg_pool2d.ts";
export { globalAvgPool2d } from "./ops/global_avg_pool2d.ts";
export { ALL_FINITE, firstNonFiniteElement } from "./ops/first_non_finite.ts";
export { gatherImages, type GatherImagesOptions } from "./ops/gather_images.ts";
export { normalizeImages, quantizeImages } from "./ops/images.ts";
export * from "./random/mod.ts";
export type { EpilogueActivation } from "./ops/activation.ts";
export { cast } from "./ops/cast.ts";
export * from "./ops/concat.ts";
export * from "./ops/logistic_scores.ts";
