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
export * from "./device/adapter.ts";
export * from "./autograd/gradients.ts";
export * from "./kernel/bound_launch.ts";
export * from "./device/device.ts";
export * from "./doctor.ts";
export * from "./device/errors.ts";
export * from "./timing/fma_limit.ts";
export type { FloatType } from "./kernel/float_memory.ts";
export * from "./kernel/kernel.ts";
export type { Launch, LaunchFacts } from "./kernel/launch.ts";
export * from "./timing/launch_timer.ts";
export { expectKnownOptions, type OptionNames } from "./tensor/known_options.ts";
export * from "./memory/ledger.ts";
export type { NestedNumbers } from "./tensor/nested.ts";
export * from "./kernel/pipelines.ts";
export type { Tuned } from "./tuning/tune.ts";
export type { Capabilities } from "./device/probe.ts";
export { printAsText } from "./tensor/print_as_text.ts";
export * from "./timing/profile.ts";
export * from "./program/program.ts";
export * from "./memory/scope.ts";
export type { Shape } from "./tensor/shape.ts";
export * from "./timing/stopwatch.ts";
export * from "./memory/storage.ts";
export * from "./tensor/tensor.ts";
export * from "./ops/activations/relu.ts";
export * from "./ops/elementwise/accumulate.ts";
export * from "./ops/fill.ts";
export * from "./ops/elementwise/map.ts";
export { add, div, mul, type Operand, sub } from "./ops/arithmetic.ts";
export { mean, type ReduceOptions, sum } from "./ops/reductions/sum.ts";
export { leakyRelu } from "./ops/activations/leaky_relu.ts";
export { tanh } from "./ops/activations/tanh.ts";
export { sigmoid } from "./ops/activations/sigmoid.ts";
export { softplus } from "./ops/activations/softplus.ts";
export { abs, exp, log, neg, sqrt, square } from "./ops/pointwise.ts";
export * from "./ops/products/matmul.ts";
export * from "./ops/products/linear.ts";
export { conv2d, type Conv2dOptions } from "./ops/products/conv2d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "./ops/products/conv_transpose2d.ts";
export { softmax } from "./ops/activations/softmax.ts";
export { advance, recordScalars } from "./ops/record_scalars.ts";
export { batchNorm, type BatchNormOptions, type FusedActivation } from "./ops/batch_norm/batch_norm.ts";
export { upsampledConv2d, type UpsampledConv2dOptions } from "./ops/products/upsampled_conv2d.ts";
export { upsampleNearest } from "./ops/images/upsample_nearest.ts";
export { avgPool2d, type AvgPool2dOptions } from "./ops/images/avg_pool2d.ts";
export { globalAvgPool2d } from "./ops/images/global_avg_pool2d.ts";
export { ALL_FINITE, firstNonFiniteElement } from "./ops/reductions/first_non_finite.ts";
export { gatherImages, type GatherImagesOptions } from "./ops/images/gather_images.ts";
export { normalizeImages, quantizeImages } from "./ops/images/images.ts";
export * from "./random/mod.ts";
export type { EpilogueActivation } from "./kernel/activation.ts";
export { cast } from "./ops/cast.ts";
export * from "./ops/concat.ts";
