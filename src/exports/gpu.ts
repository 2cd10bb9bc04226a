/** What `./gpu` exports, in every runtime. */

// Devices
export { Device } from "../gpu/device/device.ts";
export { openDevice } from "../gpu/device/open_device.ts";
export { type Capabilities } from "../gpu/device/capabilities.ts";
export { type AdapterFacts, type LimitName, LIMITS } from "../gpu/device/adapter.ts";
export { type DoctorCheck, type DoctorReport, examine } from "../gpu/doctor.ts";
export {
  AdapterNotFoundError,
  DeviceLostError,
  F16NotSupportedError,
  GpuOutOfMemoryError,
  GpuValidationError,
  TensorTooLargeError,
  TimestampsMissingError,
} from "../gpu/device/errors.ts";

// Tensors and their memory
export { Tensor } from "../gpu/tensor/tensor.ts";
export { BYTES_PER_ELEMENT, type DType, type HostArrays } from "../gpu/tensor/dtype.ts";
export { type Shape } from "../gpu/tensor/shape.ts";
export { type NestedNumbers } from "../gpu/tensor/nested.ts";
export { type FloatType } from "../gpu/kernel/float_memory.ts";
export { Scope } from "../gpu/memory/scope.ts";
export { type BufferRange, Storage } from "../gpu/memory/storage.ts";
export { Ledger, type LedgerEntry } from "../gpu/memory/ledger.ts";

// Gradients
export { derive, type GradientRule, type Origin, type Wanted } from "../gpu/autograd/origin.ts";
export { gradients, type GradientsOptions } from "../gpu/autograd/gradients.ts";

// Programs
export { type LaunchTime, Program, type ProgramInput, type ProgramStats } from "../gpu/program/program.ts";
export {
  type GatheredRows,
  type Meeting,
  type ScatteredParts,
  ShardRows,
  type Shards,
} from "../gpu/program/shards.ts";
export { inShards, type Shard, shardOf } from "../gpu/program/in_shards.ts";
export { type MeetingTimes, PeerMeetings, type Peers } from "../gpu/program/peers.ts";
export { advance, recordScalars } from "../gpu/ops/record_scalars.ts";

// Elements
export { add, div, mul, type Operand, sub } from "../gpu/ops/arithmetic.ts";
export { abs, exp, log, neg, sqrt, square } from "../gpu/ops/pointwise.ts";
export { map, type MapOptions } from "../gpu/ops/elementwise/map.ts";
export { accumulate } from "../gpu/ops/elementwise/accumulate.ts";
export { cast } from "../gpu/ops/cast.ts";
export { concat, type ConcatOptions } from "../gpu/ops/concat.ts";
export { embedding, type EmbeddingOptions } from "../gpu/ops/embedding.ts";
export { fill } from "../gpu/ops/fill.ts";
export { clamp, type ClampOptions } from "../gpu/ops/clamp.ts";
export { dropout, type DropoutOptions } from "../gpu/ops/dropout.ts";
export { slice, type SliceOptions } from "../gpu/ops/slice.ts";

// Reductions
export { ALL_FINITE, firstNonFiniteElement } from "../gpu/ops/reductions/first_non_finite.ts";
export { mean, type ReduceOptions, sum } from "../gpu/ops/reductions/sum.ts";

// Activations
export { leakyRelu } from "../gpu/ops/activations/leaky_relu.ts";
export { relu } from "../gpu/ops/activations/relu.ts";
export { sigmoid } from "../gpu/ops/activations/sigmoid.ts";
export { softmax } from "../gpu/ops/activations/softmax.ts";
export { softplus } from "../gpu/ops/activations/softplus.ts";
export { tanh } from "../gpu/ops/activations/tanh.ts";
export { type EpilogueActivation } from "../gpu/kernel/activation.ts";

// Products and convolutions
export { type PerDirection } from "../gpu/contraction/sums/geometry.ts";
export { conv2d, type Conv2dOptions } from "../gpu/ops/products/conv2d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "../gpu/ops/products/conv_transpose2d.ts";
export { linear } from "../gpu/ops/products/linear.ts";
export { matmul } from "../gpu/ops/products/matmul.ts";
export { upsampledConv2d, type UpsampledConv2dOptions } from "../gpu/ops/products/upsampled_conv2d.ts";

// Batch norm
export { batchNorm, type BatchNormOptions } from "../gpu/ops/batch_norm/batch_norm.ts";
export { type FusedActivation } from "../gpu/kernel/activation.ts";

// Spectral norm
export {
  type PowerOrder,
  spectralNorm,
  type SpectralNormalization,
  type SpectralNormOptions,
} from "../gpu/ops/spectral_norm/spectral_norm.ts";

// Images
export { avgPool2d, type AvgPool2dOptions } from "../gpu/ops/images/avg_pool2d.ts";
export { gatherImages, type GatherImagesOptions } from "../gpu/ops/images/gather_images.ts";
export { gatherLabels, type GatherLabelsOptions } from "../gpu/ops/images/gather_labels.ts";
export { globalAvgPool2d } from "../gpu/ops/images/global_avg_pool2d.ts";
export { mixImages } from "../gpu/ops/images/mix_images.ts";
export { maxPool2d, type MaxPool2dOptions } from "../gpu/ops/images/max_pool2d.ts";
export { resizeBilinear } from "../gpu/ops/images/resize_bilinear.ts";
export { type WindowOptions } from "../gpu/ops/images/windows.ts";
export { type Shuffle } from "../gpu/ops/images/shuffled_place.ts";
export { normalizeImages, quantizeImages } from "../gpu/ops/images/images.ts";
export { packImages } from "../gpu/ops/images/pack_images.ts";
export { upsampleNearest } from "../gpu/ops/images/upsample_nearest.ts";

// Augmentation
export {
  augmentImages,
  type AugmentImagesOptions,
  type LinearAugmentation,
  linearAugmentation,
} from "../gpu/ops/augmentation/augment_images.ts";
export { drawAugmentation, type DrawAugmentationOptions } from "../gpu/ops/augmentation/draw_augmentation.ts";
export {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
} from "../gpu/ops/augmentation/kinds.ts";

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
} from "../gpu/random/mod.ts";

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
} from "../gpu/kernel/kernel.ts";
export { type Launch, type LaunchFacts } from "../gpu/kernel/launch.ts";
export {
  type BoundLaunch,
  type BoundList,
  type EncodeLaunches,
  type SubmitPart,
} from "../gpu/kernel/bound_launch.ts";
export { type ImageCopy } from "../gpu/kernel/images/create_images.ts";
export { type Pipeline, PipelineCache } from "../gpu/kernel/pipelines.ts";

// Timing
export { LaunchTimer } from "../gpu/timing/launch_timer.ts";
export { Stopwatch } from "../gpu/timing/stopwatch.ts";
export { WorkInFlight } from "../gpu/timing/work_in_flight.ts";
export { type Profile, type ProfileRow, summarizeProfile } from "../gpu/timing/profile.ts";
export { fastestSums, FmaLimit } from "../gpu/timing/fma_limit.ts";
export { type Tuned } from "../gpu/tuning/tune.ts";

// Losses
export {
  bce,
  bceWithLogits,
  hingeDiscriminator,
  hingeGenerator,
  meanSigmoid,
  mse,
} from "../nn/losses/losses.ts";
export { crossEntropy } from "../nn/losses/cross_entropy.ts";
export { logisticScores } from "../nn/losses/logistic_scores.ts";
export {
  hingeScores,
  leastSquaresScores,
  relativisticScores,
  wassersteinScores,
} from "../nn/losses/adversarial_scores.ts";
export { type LogitTarget, type ScoreOptions, type SeedOptions } from "../nn/losses/score_logits.ts";
