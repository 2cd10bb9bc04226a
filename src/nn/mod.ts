/**
 * Everything that the rest of this module may use of its networks. The entry point for users is `nn.ts`.
 *
 * @module
 */
// Networks
export { type BackwardOptions, Network, type NetworkOptions } from "./network.ts";
export {
  type ForwardContext,
  Module,
  type ModuleInputs,
  type ModuleRandom,
  Parameter,
  type ParameterUse,
  Statistic,
} from "./module.ts";
export { inputOf } from "./module_inputs.ts";
export { GradientScaling } from "./gradient_scaling.ts";

// Layers
export { Activation, LeakyRelu, Relu, Sigmoid, Tanh } from "./layers/activations.ts";
export { BatchNorm2d, type BatchNormLayerOptions } from "./layers/batch_norm.ts";
export {
  ConvolutionLayer,
  type ConvolutionLayerOptions,
  convolutionLayout,
} from "./layers/convolution_layer.ts";
export { Conv2d, ConvTranspose2d, type ConvTransposeLayerOptions } from "./layers/convolutions.ts";
export {
  type AffineFunctions,
  type SpectralNormLayerOptions,
  type WeightAxes,
} from "./layers/layer_weight.ts";
export {
  WeightedLayer,
  type WeightedLayerOptions,
  type WeightedLayerParts,
} from "./layers/weighted_layer.ts";
export { Dropout, type DropoutLayerOptions } from "./layers/dropout.ts";
export { ClassProjection, type ClassProjectionOptions } from "./layers/class_projection.ts";
export { expectClassLabels } from "./layers/class_labels.ts";
export { Embedding, type EmbeddingLayerOptions } from "./layers/embedding.ts";
export {
  Linear,
  type LinearLayerOptions,
  linearLayout,
  type PictureFeatures,
  vectorLayout,
} from "./layers/linear.ts";
export { MaxPool2d, type PoolLayerOptions } from "./layers/pooling.ts";
export { Sequential } from "./layers/sequential.ts";
export { Reshape, UpsampleNearest } from "./layers/shapes.ts";

// Initializers
export {
  constant,
  direction,
  fanInUniform,
  type Initializer,
  normal,
  uniform,
} from "./weights/initializers.ts";
export { type BorderLayout, sameLayout } from "./weights/layout.ts";
export { type RowPart } from "./weights/row_slices.ts";

// Losses
export { bce, bceWithLogits, hingeDiscriminator, hingeGenerator, meanSigmoid, mse } from "./losses/losses.ts";
export { crossEntropy } from "./losses/cross_entropy.ts";
export { logisticScores } from "./losses/logistic_scores.ts";
export {
  hingeScores,
  leastSquaresScores,
  relativisticScores,
  wassersteinScores,
} from "./losses/adversarial_scores.ts";
export { type LogitTarget, type ScoreOptions, type SeedOptions } from "./losses/score_logits.ts";

// Gradients
export { gradients, type GradientsOptions } from "./../gpu/mod.ts";

// Gradient penalties
export {
  type GradientPenalty,
  gradientPenalty,
  type GradientPenaltyOptions,
} from "./penalties/gradient_penalty.ts";
export {
  penalizedBackward,
  type PenalizedPass,
  type PenaltyOptions,
} from "./penalties/penalized_backward.ts";
export {
  type AffineFinish,
  type AffinePiece,
  type PassContext,
  type PassPiece,
  type Piece,
  type PieceWeight,
  type ReshapePiece,
} from "./penalties/piece.ts";

// Optimizers
export { Adam, type AdamOptions } from "./optimizers/adam.ts";
export { type AdamOptimizer } from "./optimizers/adam_optimizer.ts";
export { AdamW, type AdamWOptions } from "./optimizers/adamw.ts";
export { clipGradientNorm } from "./optimizers/clip_gradient_norm.ts";
export { type FlatOptimizer } from "./optimizers/flat_optimizer.ts";
export { gradientNorm } from "./optimizers/gradient_norm.ts";
export { learningRateAt, type ScheduleName, type ScheduleOptions } from "./optimizers/learning_rate.ts";
export { type FlatParameters, type Optimizer } from "./optimizers/optimizer.ts";
export { RmsProp, type RmsPropOptions } from "./optimizers/rmsprop.ts";
export { Sgd, type SgdOptions } from "./optimizers/sgd.ts";
export { type Scheduled, valueAt, type ValueSchedule } from "./optimizers/value_schedule.ts";

// Averages
export { MovingAverage, type MovingAverageOptions } from "./averages/moving_average.ts";
export {
  type KeptAverage,
  postHocAverage,
  type PostHocWeights,
  postHocWeights,
} from "./averages/post_hoc_average.ts";
export { type PowerFunction } from "./averages/power_function.ts";

// State dicts and files
export { gradientDict, loadStateDict, type LoadStateDictOptions, stateDict } from "./weights/state_dict.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type SafetensorsArrays,
  type SafetensorsDType,
  type TensorData,
  writeSafetensors,
} from "./../files/safetensors.ts";
export { readTorchFile, type SavedValues } from "./../files/torch/torch_file.ts";
export { readWeights, type WeightsFile } from "./../files/weights_file.ts";
export { decodeNpy, encodeNpy, type NpyArray } from "./../files/npy.ts";

// For the parts of this module that build on networks
export { F16_GRADIENT_SCALE, SCALING } from "./gradient_scaling.ts";
export { flatLength } from "./weights/parameter_row.ts";
export { dictToRow, rowToDict } from "./weights/row_dict.ts";
export { modulesOf, namedParameters, namedStatistics } from "./module.ts";
export { expectTrained } from "./weights/expect_trained.ts";
export { FAULTS } from "./optimizers/row_update.ts";
export { watchStatistics } from "./watch_statistics.ts";
export { stateDictFor } from "./weights/match_state_dict.ts";
export { withoutPrefix } from "./weights/name_prefix.ts";
export { fromBorder, toBorder } from "./weights/layout.ts";
