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
import "./src/host/on_deno.ts";
// Devices
export { Device } from "./src/gpu/device/device.ts";
export { openDevice } from "./src/gpu/device/open_device.ts";
export { type Capabilities } from "./src/gpu/device/capabilities.ts";
export { type AdapterFacts, type LimitName, LIMITS } from "./src/gpu/device/adapter.ts";
export { type DoctorCheck, type DoctorReport, examine } from "./src/gpu/doctor.ts";
export {
  AdapterNotFoundError,
  DeviceLostError,
  F16NotSupportedError,
  GpuOutOfMemoryError,
  GpuValidationError,
  TensorTooLargeError,
  TimestampsMissingError,
} from "./src/gpu/device/errors.ts";

// Tensors and their memory
export { Tensor } from "./src/gpu/tensor/tensor.ts";
export { BYTES_PER_ELEMENT, type DType, type HostArrays } from "./src/gpu/tensor/dtype.ts";
export { type Shape } from "./src/gpu/tensor/shape.ts";
export { type NestedNumbers } from "./src/gpu/tensor/nested.ts";
export { type FloatType } from "./src/gpu/kernel/float_memory.ts";
export { Scope } from "./src/gpu/memory/scope.ts";
export { type BufferRange, Storage } from "./src/gpu/memory/storage.ts";
export { Ledger, type LedgerEntry } from "./src/gpu/memory/ledger.ts";

// Gradients
export { derive, type GradientRule, type Origin, type Wanted } from "./src/gpu/autograd/origin.ts";
export { gradients, type GradientsOptions } from "./src/gpu/autograd/gradients.ts";

// Programs
export { type LaunchTime, Program, type ProgramInput, type ProgramStats } from "./src/gpu/program/program.ts";
export { advance, recordScalars } from "./src/gpu/ops/record_scalars.ts";

// Elements
export { add, div, mul, type Operand, sub } from "./src/gpu/ops/arithmetic.ts";
export { abs, exp, log, neg, sqrt, square } from "./src/gpu/ops/pointwise.ts";
export { map, type MapOptions } from "./src/gpu/ops/elementwise/map.ts";
export { accumulate } from "./src/gpu/ops/elementwise/accumulate.ts";
export { cast } from "./src/gpu/ops/cast.ts";
export { concat, type ConcatOptions } from "./src/gpu/ops/concat.ts";
export { embedding, type EmbeddingOptions } from "./src/gpu/ops/embedding.ts";
export { fill } from "./src/gpu/ops/fill.ts";
export { clamp, type ClampOptions } from "./src/gpu/ops/clamp.ts";
export { dropout, type DropoutOptions } from "./src/gpu/ops/dropout.ts";
export { slice, type SliceOptions } from "./src/gpu/ops/slice.ts";

// Reductions
export { ALL_FINITE, firstNonFiniteElement } from "./src/gpu/ops/reductions/first_non_finite.ts";
export { mean, type ReduceOptions, sum } from "./src/gpu/ops/reductions/sum.ts";

// Activations
export { leakyRelu } from "./src/gpu/ops/activations/leaky_relu.ts";
export { relu } from "./src/gpu/ops/activations/relu.ts";
export { sigmoid } from "./src/gpu/ops/activations/sigmoid.ts";
export { softmax } from "./src/gpu/ops/activations/softmax.ts";
export { softplus } from "./src/gpu/ops/activations/softplus.ts";
export { tanh } from "./src/gpu/ops/activations/tanh.ts";
export { type EpilogueActivation } from "./src/gpu/kernel/activation.ts";

// Products and convolutions
export { type PerDirection } from "./src/gpu/contraction/sums/geometry.ts";
export { conv2d, type Conv2dOptions } from "./src/gpu/ops/products/conv2d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "./src/gpu/ops/products/conv_transpose2d.ts";
export { linear } from "./src/gpu/ops/products/linear.ts";
export { matmul } from "./src/gpu/ops/products/matmul.ts";
export { upsampledConv2d, type UpsampledConv2dOptions } from "./src/gpu/ops/products/upsampled_conv2d.ts";

// Batch norm
export { batchNorm, type BatchNormOptions } from "./src/gpu/ops/batch_norm/batch_norm.ts";
export { type FusedActivation } from "./src/gpu/kernel/activation.ts";

// Spectral norm
export {
  type PowerOrder,
  spectralNorm,
  type SpectralNormalization,
  type SpectralNormOptions,
} from "./src/gpu/ops/spectral_norm/spectral_norm.ts";

// Images
export { avgPool2d, type AvgPool2dOptions } from "./src/gpu/ops/images/avg_pool2d.ts";
export { gatherImages, type GatherImagesOptions } from "./src/gpu/ops/images/gather_images.ts";
export { gatherLabels, type GatherLabelsOptions } from "./src/gpu/ops/images/gather_labels.ts";
export { globalAvgPool2d } from "./src/gpu/ops/images/global_avg_pool2d.ts";
export { mixImages } from "./src/gpu/ops/images/mix_images.ts";
export { maxPool2d, type MaxPool2dOptions } from "./src/gpu/ops/images/max_pool2d.ts";
export { resizeBilinear } from "./src/gpu/ops/images/resize_bilinear.ts";
export { type WindowOptions } from "./src/gpu/ops/images/windows.ts";
export { type Shuffle } from "./src/gpu/ops/images/shuffled_place.ts";
export { normalizeImages, quantizeImages } from "./src/gpu/ops/images/images.ts";
export { packImages } from "./src/gpu/ops/images/pack_images.ts";
export { upsampleNearest } from "./src/gpu/ops/images/upsample_nearest.ts";

// Augmentation
export {
  augmentImages,
  type AugmentImagesOptions,
  type LinearAugmentation,
  linearAugmentation,
} from "./src/gpu/ops/augmentation/augment_images.ts";
export {
  drawAugmentation,
  type DrawAugmentationOptions,
} from "./src/gpu/ops/augmentation/draw_augmentation.ts";
export {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
} from "./src/gpu/ops/augmentation/kinds.ts";

// Random numbers
export {
  addNoise,
  type AddNoiseOptions,
  type DrawCounter,
  type DrawOptions,
  hostNormal,
  hostUniform,
  type PermutationOptions,
  permuted,
  randomBits,
  type RandomKey,
  randomNormal,
  randomUniform,
  type RecordedDraw,
  type UniformOptions,
} from "./src/gpu/random/mod.ts";

// Kernels of your own
export {
  type Access,
  defineKernel,
  type Iterations,
  type Kernel,
  type KernelSpec,
  linearGrid,
  type UniformType,
  type Workgroups,
} from "./src/gpu/kernel/kernel.ts";
export { type Launch, type LaunchFacts } from "./src/gpu/kernel/launch.ts";
export {
  type BoundLaunch,
  type BoundList,
  type EncodeLaunches,
  type SubmitPart,
} from "./src/gpu/kernel/bound_launch.ts";
export { type ImageCopy } from "./src/gpu/kernel/images/create_images.ts";
export { type Pipeline, PipelineCache } from "./src/gpu/kernel/pipelines.ts";

// Timing
export { LaunchTimer } from "./src/gpu/timing/launch_timer.ts";
export { Stopwatch } from "./src/gpu/timing/stopwatch.ts";
export { WorkInFlight } from "./src/gpu/timing/work_in_flight.ts";
export { type Profile, type ProfileRow, summarizeProfile } from "./src/gpu/timing/profile.ts";
export { fastestSums, FmaLimit } from "./src/gpu/timing/fma_limit.ts";
export { type Tuned } from "./src/gpu/tuning/tune.ts";

// Losses
export {
  bce,
  bceWithLogits,
  hingeDiscriminator,
  hingeGenerator,
  meanSigmoid,
  mse,
} from "./src/nn/losses/losses.ts";
export { crossEntropy } from "./src/nn/losses/cross_entropy.ts";
export { logisticScores } from "./src/nn/losses/logistic_scores.ts";
export {
  hingeScores,
  leastSquaresScores,
  relativisticScores,
  wassersteinScores,
} from "./src/nn/losses/adversarial_scores.ts";
export { type LogitTarget, type ScoreOptions } from "./src/nn/losses/score_logits.ts";
