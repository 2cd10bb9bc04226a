/** What `./nn` exports, in every runtime. */

// Networks
export { type BackwardOptions, Network, type NetworkOptions } from "../nn/network.ts";
export {
  type ForwardContext,
  Module,
  type ModuleInputs,
  type ModuleRandom,
  Parameter,
  type ParameterUse,
  Statistic,
} from "../nn/module.ts";
export { inputOf } from "../nn/module_inputs.ts";
export { ShardGradients } from "../nn/weights/shard_gradients.ts";
export { GradientScaling } from "../nn/gradient_scaling.ts";

// Layers
export { Activation, LeakyRelu, Relu, Sigmoid, Tanh } from "../nn/layers/activations.ts";
export { BatchNorm2d, type BatchNormLayerOptions } from "../nn/layers/batch_norm.ts";
export { ConvolutionLayer, type ConvolutionLayerOptions } from "../nn/layers/convolution_layer.ts";
export { Conv2d, ConvTranspose2d, type ConvTransposeLayerOptions } from "../nn/layers/convolutions.ts";
export {
  type AffineFunctions,
  type SpectralNormLayerOptions,
  type WeightAxes,
} from "../nn/layers/layer_weight.ts";
export {
  WeightedLayer,
  type WeightedLayerOptions,
  type WeightedLayerParts,
} from "../nn/layers/weighted_layer.ts";
export { Dropout, type DropoutLayerOptions } from "../nn/layers/dropout.ts";
export { ClassProjection, type ClassProjectionOptions } from "../nn/layers/class_projection.ts";
export { expectClassLabels } from "../nn/layers/class_labels.ts";
export { Embedding, type EmbeddingLayerOptions } from "../nn/layers/embedding.ts";
export { Linear, type LinearLayerOptions, type PictureFeatures } from "../nn/layers/linear.ts";
export { MaxPool2d, type PoolLayerOptions } from "../nn/layers/pooling.ts";
export { Sequential } from "../nn/layers/sequential.ts";
export { Reshape, UpsampleNearest } from "../nn/layers/shapes.ts";

// Initializers
export {
  constant,
  direction,
  fanInUniform,
  type Initializer,
  normal,
  uniform,
} from "../nn/weights/initializers.ts";
export { type BorderLayout, sameLayout } from "../nn/weights/layout.ts";
export { type RowPart } from "../nn/weights/row_slices.ts";

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

// Gradients
export { gradients, type GradientsOptions } from "../gpu/mod.ts";

// Gradient penalties
export {
  type GradientPenalty,
  gradientPenalty,
  type GradientPenaltyOptions,
} from "../nn/penalties/gradient_penalty.ts";
export {
  penalizedBackward,
  type PenalizedPass,
  type PenaltyOptions,
} from "../nn/penalties/penalized_backward.ts";
export {
  type AffineFinish,
  type AffinePiece,
  type PassContext,
  type PassPiece,
  type Piece,
  type PieceWeight,
  type ReshapePiece,
} from "../nn/penalties/piece.ts";

// Optimizers
export { Adam, type AdamOptions } from "../nn/optimizers/adam.ts";
export { type AdamOptimizer } from "../nn/optimizers/adam_optimizer.ts";
export { AdamW, type AdamWOptions } from "../nn/optimizers/adamw.ts";
export { clipGradientNorm } from "../nn/optimizers/clip_gradient_norm.ts";
export { type FlatOptimizer } from "../nn/optimizers/flat_optimizer.ts";
export { gradientNorm } from "../nn/optimizers/gradient_norm.ts";
export { learningRateAt, type ScheduleName, type ScheduleOptions } from "../nn/optimizers/learning_rate.ts";
export { type FlatParameters, type Optimizer } from "../nn/optimizers/optimizer.ts";
export { RmsProp, type RmsPropOptions } from "../nn/optimizers/rmsprop.ts";
export { Sgd, type SgdOptions } from "../nn/optimizers/sgd.ts";
export { type Scheduled, valueAt, type ValueSchedule } from "../nn/optimizers/value_schedule.ts";

// Averages
export { MovingAverage, type MovingAverageOptions } from "../nn/averages/moving_average.ts";
export {
  type KeptAverage,
  postHocAverage,
  type PostHocWeights,
  postHocWeights,
} from "../nn/averages/post_hoc_average.ts";
export { type PowerFunction } from "../nn/averages/power_function.ts";

// State dicts and files
export {
  gradientDict,
  loadStateDict,
  type LoadStateDictOptions,
  stateDict,
} from "../nn/weights/state_dict.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type SafetensorsArrays,
  type SafetensorsDType,
  type TensorData,
  writeSafetensors,
} from "../files/safetensors.ts";
export { readTorchFile, type SavedValues } from "../files/torch/torch_file.ts";
export { readWeights, type WeightsFile } from "../files/weights_file.ts";
export { decodeNpy, encodeNpy, type NpyArray } from "../files/npy.ts";
