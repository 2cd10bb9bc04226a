/** What can be made of a trained run, in every runtime. */

// Drawing from a trained generator, one latent vector at a time
export { OpenGenerator, openGenerator } from "../dcgan/explore/open_generator.ts";
export { type GeneratorOptions } from "../dcgan/explore/generator_options.ts";
export { type GeneratorOrigin } from "../dcgan/checkpoints/find_generator.ts";

export { interpolate, type InterpolateResult } from "../dcgan/explore/interpolate.ts";
export { type InterpolateOptions, type InterpolationLayout } from "../dcgan/explore/interpolate_options.ts";
export { between, type Interpolation } from "../dcgan/explore/latents/between.ts";
export { onLoop } from "../dcgan/explore/latents/loop.ts";
export { type Latents } from "../dcgan/explore/latents/given_latents.ts";
export { type SeedPlace } from "../dcgan/explore/latents/places.ts";
export { readMark } from "../dcgan/explore/marks/read_mark.ts";

// What a latent space holds: directions, arithmetic, pictures of your own, nearest images
export {
  type DirectionMethod,
  directions,
  type DirectionsOptions,
  type FoundDirections,
} from "../dcgan/explore/directions/directions.ts";
export { type FactorDirection } from "../dcgan/explore/directions/factor_directions.ts";
export { type LatentDirection, moveLatent } from "../dcgan/explore/directions/latent_direction.ts";
export { type NamedDirection, readNamedDirections } from "../dcgan/explore/directions/named_directions.ts";
export { type Group, type GroupName } from "../dcgan/explore/arithmetic/groups.ts";
export {
  arithmetic,
  type ArithmeticOptions,
  type ArithmeticResult,
} from "../dcgan/explore/arithmetic/arithmetic.ts";
export { project, type ProjectOptions, type ProjectResult } from "../dcgan/explore/projection/project.ts";
export {
  findLatent,
  type FindLatentOptions,
  type FoundLatent,
} from "../dcgan/explore/projection/find_latent.ts";
export {
  type NearestImage,
  neighbors,
  type NeighborsOptions,
  type NeighborsResult,
  type SampleNeighbors,
} from "../dcgan/explore/neighbors/neighbors.ts";
export { type RunDataOptions } from "../dcgan/explore/run_data.ts";
export { type Mark } from "../pictures/mod.ts";

// Experiments of the paper
export {
  svmExperiment,
  type SvmExperimentOptions,
  type SvmResult,
} from "../dcgan/experiments/svm/svm_experiment.ts";
export { type TriedC } from "../dcgan/experiments/svm/protocol.ts";
export {
  nearestNeighborExperiment,
  type NearestNeighborOptions,
  type NearestNeighborResult,
} from "../dcgan/experiments/neighbors/nearest_neighbor_experiment.ts";
export {
  guidedBackpropExperiment,
  type GuidedBackpropOptions,
  type GuidedBackpropResult,
} from "../dcgan/experiments/guided/guided_backprop_experiment.ts";
export {
  type LogitGradient,
  logitGradient,
  type LogitGradientOptions,
} from "../dcgan/experiments/guided/logit_gradient.ts";
export {
  arithmeticExperiment,
  type ArithmeticExperimentOptions,
  type ArithmeticExperimentResult,
  type SumScores,
} from "../dcgan/experiments/arithmetic/arithmetic_experiment.ts";
export {
  dropFiltersExperiment,
  type DropFiltersOptions,
  type DropFiltersResult,
} from "../dcgan/experiments/filters/drop_filters_experiment.ts";
export { type FindBoxesOptions } from "../dcgan/experiments/filters/find_boxes.ts";
export { type SeenThings } from "../dcgan/experiments/filters/count_things.ts";
export {
  type Box,
  parseBoxes,
  type SampleBox,
  type SampleBoxes,
} from "../dcgan/experiments/filters/boxes.ts";
export {
  walkExperiment,
  type WalkOptions,
  type WalkResult,
} from "../dcgan/experiments/walk/walk_experiment.ts";
export { type LabeledDataOptions } from "../dcgan/experiments/data/labeled_parts.ts";
export { type ExperimentDataOptions } from "../dcgan/experiments/data/run_data.ts";
export {
  loadDiscriminator,
  type LoadDiscriminatorOptions,
  type LoadedDiscriminator,
} from "../dcgan/experiments/networks/load_discriminator.ts";
