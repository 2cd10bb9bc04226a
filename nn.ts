/**
 * Neural-net layers, losses and optimizers with gradients on WebGPU, as PyTorch defines them.
 *
 * @example Train a small network
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Adam, Linear, mse, Network, Tanh } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Linear(1, 8), new Tanh(), new Linear(8, 1)]);
 * using adam = new Adam(network, { learningRate: 0.01 });
 * using step = device.program({ x: [4, 1], y: [4, 1] }, ({ x, y }) => {
 *   const loss = mse(network.forward(x), y);
 *   network.backward([loss]);
 *   adam.step();
 *   return { loss };
 * });
 * for (let i = 0; i < 100; i++) step.run({ x: [0, 1, 2, 3], y: [0, 1, 4, 9] });
 * assert(await step.outputs.loss.item() > 0);
 * ```
 *
 * @module
 */
import "./src/host/on_deno.ts";
// Networks
export { type BackwardOptions, Network, type NetworkOptions } from "./src/nn/network.ts";
export {
  type ForwardContext,
  Module,
  type ModuleInputs,
  type ModuleRandom,
  Parameter,
  type ParameterUse,
  Statistic,
} from "./src/nn/module.ts";
export { inputOf } from "./src/nn/module_inputs.ts";
export { GradientScaling } from "./src/nn/gradient_scaling.ts";

// Layers
export { Activation, LeakyRelu, Relu, Sigmoid, Tanh } from "./src/nn/layers/activations.ts";
export { BatchNorm2d, type BatchNormLayerOptions } from "./src/nn/layers/batch_norm.ts";
export { ConvolutionLayer, type ConvolutionLayerOptions } from "./src/nn/layers/convolution_layer.ts";
export { Conv2d, ConvTranspose2d, type ConvTransposeLayerOptions } from "./src/nn/layers/convolutions.ts";
export {
  type AffineFunctions,
  type SpectralNormLayerOptions,
  type WeightAxes,
} from "./src/nn/layers/layer_weight.ts";
export {
  WeightedLayer,
  type WeightedLayerOptions,
  type WeightedLayerParts,
} from "./src/nn/layers/weighted_layer.ts";
export { Dropout, type DropoutLayerOptions } from "./src/nn/layers/dropout.ts";
export { ClassProjection, type ClassProjectionOptions } from "./src/nn/layers/class_projection.ts";
export { expectClassLabels } from "./src/nn/layers/class_labels.ts";
export { Embedding, type EmbeddingLayerOptions } from "./src/nn/layers/embedding.ts";
export { Linear, type LinearLayerOptions, type PictureFeatures } from "./src/nn/layers/linear.ts";
export { MaxPool2d, type PoolLayerOptions } from "./src/nn/layers/pooling.ts";
export { Sequential } from "./src/nn/layers/sequential.ts";
export { Reshape, UpsampleNearest } from "./src/nn/layers/shapes.ts";

// Initializers
export {
  constant,
  direction,
  fanInUniform,
  type Initializer,
  normal,
  uniform,
} from "./src/nn/weights/initializers.ts";
export { type BorderLayout, sameLayout } from "./src/nn/weights/layout.ts";
export { type RowPart } from "./src/nn/weights/row_slices.ts";

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

// Gradients
export { gradients, type GradientsOptions } from "./src/gpu/mod.ts";

// Gradient penalties
export {
  type GradientPenalty,
  gradientPenalty,
  type GradientPenaltyOptions,
} from "./src/nn/penalties/gradient_penalty.ts";
export {
  penalizedBackward,
  type PenalizedPass,
  type PenaltyOptions,
} from "./src/nn/penalties/penalized_backward.ts";
export {
  type AffineFinish,
  type AffinePiece,
  type PassContext,
  type PassPiece,
  type Piece,
  type PieceWeight,
  type ReshapePiece,
} from "./src/nn/penalties/piece.ts";

// Optimizers
export { Adam, type AdamOptions } from "./src/nn/optimizers/adam.ts";
export { type AdamOptimizer } from "./src/nn/optimizers/adam_optimizer.ts";
export { AdamW, type AdamWOptions } from "./src/nn/optimizers/adamw.ts";
export { clipGradientNorm } from "./src/nn/optimizers/clip_gradient_norm.ts";
export { type FlatOptimizer } from "./src/nn/optimizers/flat_optimizer.ts";
export { gradientNorm } from "./src/nn/optimizers/gradient_norm.ts";
export {
  learningRateAt,
  type ScheduleName,
  type ScheduleOptions,
} from "./src/nn/optimizers/learning_rate.ts";
export { type FlatParameters, type Optimizer } from "./src/nn/optimizers/optimizer.ts";
export { RmsProp, type RmsPropOptions } from "./src/nn/optimizers/rmsprop.ts";
export { Sgd, type SgdOptions } from "./src/nn/optimizers/sgd.ts";
export { type Scheduled, valueAt, type ValueSchedule } from "./src/nn/optimizers/value_schedule.ts";

// Averages
export { MovingAverage, type MovingAverageOptions } from "./src/nn/averages/moving_average.ts";
export {
  type KeptAverage,
  postHocAverage,
  type PostHocWeights,
  postHocWeights,
} from "./src/nn/averages/post_hoc_average.ts";
export { type PowerFunction } from "./src/nn/averages/power_function.ts";

// State dicts and files
export {
  gradientDict,
  loadStateDict,
  type LoadStateDictOptions,
  stateDict,
} from "./src/nn/weights/state_dict.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type SafetensorsArrays,
  type SafetensorsDType,
  type TensorData,
  writeSafetensors,
} from "./src/files/safetensors.ts";
export { decodeNpy, encodeNpy, type NpyArray } from "./src/files/npy.ts";
