/**
 * Everything that the rest of this module may use of its tensors. The entry point for users is `gpu.ts`.
 *
 * @module
 */
// Devices
export { Device } from "./device/device.ts";
export { openDevice } from "./device/open_device.ts";
export { type Capabilities } from "./device/capabilities.ts";
export { type AdapterFacts, type LimitName, LIMITS } from "./device/adapter.ts";
export { type DoctorCheck, type DoctorReport, examine } from "./doctor.ts";
export {
  AdapterNotFoundError,
  DeviceLostError,
  F16NotSupportedError,
  GpuOutOfMemoryError,
  GpuValidationError,
  TensorTooLargeError,
  TimestampsMissingError,
} from "./device/errors.ts";

// Tensors and their memory
export { Tensor } from "./tensor/tensor.ts";
export { BYTES_PER_ELEMENT, type DType, type HostArrays } from "./tensor/dtype.ts";
export { type Shape } from "./tensor/shape.ts";
export { type NestedNumbers } from "./tensor/nested.ts";
export { type FloatType } from "./kernel/float_memory.ts";
export { Scope } from "./memory/scope.ts";
export { type BufferRange, Storage } from "./memory/storage.ts";
export { Ledger, type LedgerEntry } from "./memory/ledger.ts";

// Gradients
export { derive, type GradientRule, type Origin, type Wanted } from "./autograd/origin.ts";
export { gradients, type GradientsOptions } from "./autograd/gradients.ts";

// Programs
export { type LaunchTime, Program, type ProgramInput, type ProgramStats } from "./program/program.ts";
export {
  type GatheredRows,
  type Meeting,
  recordMeeting,
  type ScatteredParts,
  ShardRows,
  type Shards,
} from "./program/shards.ts";
export { inShards, type Shard, shardOf } from "./program/in_shards.ts";
export { type MeetingTimes, PeerMeetings, type Peers } from "./program/peers.ts";
export { recordScalars } from "./ops/record_scalars.ts";

// Elements
export { add, div, mul, type Operand, sub } from "./ops/arithmetic.ts";
export { abs, exp, log, neg, sqrt, square } from "./ops/pointwise.ts";
export { map, type MapOptions } from "./ops/elementwise/map.ts";
export { accumulate } from "./ops/elementwise/accumulate.ts";
export { cast } from "./ops/cast.ts";
export { concat, type ConcatOptions } from "./ops/concat.ts";
export { embedding, type EmbeddingOptions } from "./ops/embedding.ts";
export { fill } from "./ops/fill.ts";
export { clamp, type ClampOptions } from "./ops/clamp.ts";
export { dropout, type DropoutOptions } from "./ops/dropout.ts";
export { slice, type SliceOptions } from "./ops/slice.ts";

// Reductions
export { mean, type ReduceOptions, sum } from "./ops/reductions/sum.ts";

// Activations
export { leakyRelu } from "./ops/activations/leaky_relu.ts";
export { relu } from "./ops/activations/relu.ts";
export { sigmoid } from "./ops/activations/sigmoid.ts";
export { softmax } from "./ops/activations/softmax.ts";
export { softplus } from "./ops/activations/softplus.ts";
export { tanh } from "./ops/activations/tanh.ts";
export { type EpilogueActivation } from "./kernel/activation.ts";

// Products and convolutions
export { directions, type PerDirection } from "./contraction/sums/geometry.ts";
export { conv2d, type Conv2dOptions } from "./ops/products/conv2d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "./ops/products/conv_transpose2d.ts";
export { linear } from "./ops/products/linear.ts";
export { matmul } from "./ops/products/matmul.ts";
export { upsampledConv2d, type UpsampledConv2dOptions } from "./ops/products/upsampled_conv2d.ts";

// Batch norm
export { batchNorm, type BatchNormOptions } from "./ops/batch_norm/batch_norm.ts";
export { type FusedActivation } from "./kernel/activation.ts";

// Spectral norm
export {
  type PowerOrder,
  spectralNorm,
  type SpectralNormalization,
  type SpectralNormOptions,
} from "./ops/spectral_norm/spectral_norm.ts";

// Images
export { avgPool2d, type AvgPool2dOptions } from "./ops/images/avg_pool2d.ts";
export { gatherImages, type GatherImagesOptions } from "./ops/images/gather_images.ts";
export { gatherLabels, type GatherLabelsOptions } from "./ops/images/gather_labels.ts";
export { globalAvgPool2d } from "./ops/images/global_avg_pool2d.ts";
export { mixImages } from "./ops/images/mix_images.ts";
export { maxPool2d, type MaxPool2dOptions } from "./ops/images/max_pool2d.ts";
export { resizeBilinear } from "./ops/images/resize_bilinear.ts";
export { type WindowOptions } from "./ops/images/windows.ts";
export { type Shuffle } from "./ops/images/shuffled_place.ts";
export { normalizeImages, quantizeImages } from "./ops/images/images.ts";
export { packImages, unpackImages } from "./ops/images/pack_images.ts";
export { upsampleNearest } from "./ops/images/upsample_nearest.ts";

// Augmentation
export {
  augmentImages,
  type AugmentImagesOptions,
  type LinearAugmentation,
  linearAugmentation,
} from "./ops/augmentation/augment_images.ts";
export { drawAugmentation, type DrawAugmentationOptions } from "./ops/augmentation/draw_augmentation.ts";
export {
  AUGMENTATION_KINDS,
  AUGMENTATION_PARAMETERS,
  type AugmentationKind,
} from "./ops/augmentation/kinds.ts";

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
} from "./random/mod.ts";

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
} from "./kernel/kernel.ts";
export { type Launch, type LaunchFacts } from "./kernel/launch.ts";
export {
  type BoundLaunch,
  type BoundList,
  type EncodeLaunches,
  type SubmitPart,
} from "./kernel/bound_launch.ts";
export { type Pipeline, PipelineCache } from "./kernel/pipelines.ts";

// Timing
export { LaunchTimer } from "./timing/launch_timer.ts";
export { Stopwatch } from "./timing/stopwatch.ts";
export { SUBMIT_SECONDS, WorkInFlight } from "./timing/work_in_flight.ts";
export { type Profile, type ProfileRow, summarizeProfile } from "./timing/profile.ts";
export { FmaLimit } from "./timing/fma_limit.ts";
export { type Tuned } from "./tuning/tune.ts";

// For the parts of this module that build on tensors
export {
  askedBackend,
  describeAdapter,
  explainMissingAdapter,
  explainOpenGl,
  requestAdapter,
} from "./device/adapter.ts";
export { expectKnownOptions, type OptionNames } from "./tensor/known_options.ts";
export { printAsText } from "./tensor/print_as_text.ts";
export { bindLaunches, encodeLaunches } from "./kernel/bound_launch.ts";
export { paddedBytes } from "./memory/storage.ts";
export { HOST_ARRAYS } from "./tensor/dtype.ts";
export { fastestSums, fmaKernel } from "./timing/fma_limit.ts";
export { advance } from "./ops/record_scalars.ts";
export { batchNormForward } from "./ops/batch_norm/batch_norm.ts";
export { concatRowsForward } from "./ops/concat.ts";
export { embeddingForward } from "./ops/embedding.ts";
export { conv2dForward } from "./ops/products/conv2d.ts";
export { convTranspose2dForward } from "./ops/products/conv_transpose2d.ts";
export { linearForward } from "./ops/products/linear.ts";
export { upsampledConv2dForward } from "./ops/products/upsampled_conv2d.ts";
export { split } from "./ops/split.ts";
export { ALL_FINITE, firstNonFiniteElement } from "./ops/reductions/first_non_finite.ts";
export { type Contraction } from "./contraction/sums/contraction.ts";
export { tableOf, type TakenVariant, VariantScope } from "./contraction/variants/variant_scope.ts";
export { CandidateTable } from "./tuning/candidate_table.ts";
export { checkVariants } from "./tuning/check_variants.ts";
export { type Refusal } from "./tuning/entrants.ts";
export { contractionChecksum } from "./tuning/checksum.ts";
export { tuneContractions } from "./tuning/tune.ts";
