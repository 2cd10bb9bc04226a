/**
 * DCGAN (Radford, Metz and Chintala 2015) on Deno's built-in WebGPU: training, sampling, and the parts that they are
 * made of. Tensors are in `@x/dcgan/gpu`, layers and optimizers in `@x/dcgan/nn`, datasets in `@x/dcgan/datasets`.
 *
 * @example Train on the built-in faces, then draw from the generator
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sample, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * let steps = 0;
 * for await (const event of train(device, { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 5, out })) {
 *   if (event.type === "metrics") steps = event.step;
 * }
 * assertEquals(steps, 5);
 * const { paths } = await sample(device, out, { count: 16, seed: 7, out: `${out}/faces.png` });
 * assertEquals(paths, [`${out}/faces.png`]);
 * ```
 *
 * @module
 */
import "./src/host/on_deno.ts";
// Devices
export { type Device, openDevice } from "./src/gpu/mod.ts";

// Training
export { train } from "./src/dcgan/train.ts";
export { type DryRun, dryRun, type ResumedDryRun } from "./src/dcgan/run/dry_run.ts";
export type { OptionChange } from "./src/dcgan/run/changes/differences.ts";
export { type LayerRow } from "./src/dcgan/networks/layer_table.ts";
export {
  type ArchitectureOptions,
  type AugmentationOptions,
  type OptimizerOptions,
  type OptionName,
  type RegularizationOptions,
  type StepOptions,
  type TrainOptions,
  type UpdateOptions,
} from "./src/dcgan/options/options.ts";
export {
  type OptionalOption,
  type OverridableOption,
  type PassingOption,
  type ResumableOption,
} from "./src/dcgan/options/option_marks.ts";
export { type ChangedField, type ConfigChange } from "./src/dcgan/run/changes/changes.ts";
export {
  CONFIG_VERSION,
  formatConfig,
  parseConfig,
  resolveConfig,
  type RunFacts,
  type TrainConfig,
} from "./src/dcgan/options/config.ts";
export { type PresetName } from "./src/dcgan/recipes/presets.ts";
export { parseOptions } from "./src/dcgan/options/options_file.ts";
export { ConfigError, type ConfigIssue } from "./src/dcgan/options/config_issue.ts";
export {
  type CheckpointEvent,
  type DatasetEvent,
  type EndEvent,
  type JudgmentEvent,
  type MetricsEvent,
  type ProfileEvent,
  type RecipeEvent,
  type SamplesEvent,
  type ScoreEvent,
  type StartEvent,
  type StepMetrics,
  type TimingEvent,
  type TrainEvent,
  type TunedEvent,
  type TuningEndEvent,
  type WarningEvent,
} from "./src/dcgan/run/events.ts";
export {
  type NonFinite,
  NonFiniteError,
  type NonFiniteKind,
  type RunPlace,
} from "./src/dcgan/numbers/non_finite.ts";

// Scores
export { evaluate, type EvaluateOptions, type Evaluation } from "./src/dcgan/evaluate.ts";
export {
  type Described,
  type FeatureNetwork,
  type PredictedLabel,
} from "./src/dcgan/scores/features/feature_network.ts";
export { type Features } from "./src/dcgan/scores/metrics/features.ts";
export {
  type Score,
  type ScoreMeaning,
  type ScoreName,
  SCORES,
  type Scores,
} from "./src/dcgan/scores/score.ts";
export { type StepScores } from "./src/dcgan/scores/scores_file.ts";
export { type Judgment, type JudgmentKind } from "./src/dcgan/scores/judge/judgment.ts";
export { type Grade, type Verdict } from "./src/dcgan/scores/judge/verdict.ts";

// Runs as data
export { listRuns } from "./src/dcgan/runs/list_runs.ts";
export { type FoundRun, type QueryResult, queryRuns, type RunQuery } from "./src/dcgan/runs/query_runs.ts";
export {
  compareRuns,
  type DifferingOption,
  type RunAtStep,
  type RunComparison,
} from "./src/dcgan/runs/compare_runs.ts";
export { type DamagedRun, readRun, type RunSummary } from "./src/dcgan/runs/run_summary.ts";
export { type StepMeans } from "./src/dcgan/runs/step_means.ts";

// Reports
export { writeReport, type WriteReportOptions } from "./src/dcgan/report/write_report.ts";
export { serveReport, type ServeReportOptions } from "./src/dcgan/report/watch/serve_report.ts";
export { type ReportServer } from "./src/dcgan/report/watch/page_server.ts";

// Experiments of the paper
export {
  svmExperiment,
  type SvmExperimentOptions,
  type SvmResult,
} from "./src/dcgan/experiments/svm/svm_experiment.ts";
export { type TriedC } from "./src/dcgan/experiments/svm/protocol.ts";
export {
  nearestNeighborExperiment,
  type NearestNeighborOptions,
  type NearestNeighborResult,
} from "./src/dcgan/experiments/neighbors/nearest_neighbor_experiment.ts";
export {
  guidedBackpropExperiment,
  type GuidedBackpropOptions,
  type GuidedBackpropResult,
} from "./src/dcgan/experiments/guided/guided_backprop_experiment.ts";
export {
  arithmeticExperiment,
  type ArithmeticExperimentOptions,
  type ArithmeticExperimentResult,
  type SumScores,
} from "./src/dcgan/experiments/arithmetic/arithmetic_experiment.ts";
export {
  dropFiltersExperiment,
  type DropFiltersOptions,
  type DropFiltersResult,
} from "./src/dcgan/experiments/filters/drop_filters_experiment.ts";
export { type FindBoxesOptions } from "./src/dcgan/experiments/filters/find_boxes.ts";
export { type SeenThings } from "./src/dcgan/experiments/filters/count_things.ts";
export {
  type Box,
  parseBoxes,
  type SampleBox,
  type SampleBoxes,
} from "./src/dcgan/experiments/filters/boxes.ts";
export {
  walkExperiment,
  type WalkOptions,
  type WalkResult,
} from "./src/dcgan/experiments/walk/walk_experiment.ts";
export { type LabeledDataOptions } from "./src/dcgan/experiments/data/labeled_parts.ts";
export { type ExperimentDataOptions } from "./src/dcgan/experiments/data/run_data.ts";
export {
  loadDiscriminator,
  type LoadDiscriminatorOptions,
  type LoadedDiscriminator,
} from "./src/dcgan/experiments/networks/load_discriminator.ts";

// Notebooks and pictures
export { showImages, type ShowImagesOptions } from "./src/dcgan/notebook/show_images.ts";
export { showTraining, type ShowTrainingOptions } from "./src/dcgan/notebook/show_training.ts";
export { LiveDisplay } from "./src/dcgan/notebook/live_display.ts";
export { type Jupyter } from "./src/dcgan/notebook/jupyter.ts";
export { Shown, type ShownForms } from "./src/dcgan/notebook/shown.ts";
export { type MimeBundle } from "./src/pictures/notebook/mime_bundle.ts";
export { picturesOf, type PicturesOfOptions } from "./src/dcgan/notebook/pictures_of.ts";
export { plotMetrics, type PlotOptions } from "./src/dcgan/plot/plot.ts";
export { plotCurves, type PlotCurvesOptions } from "./src/dcgan/plot/plot_curves.ts";

// Sampling
export { sample, type SampleResult } from "./src/dcgan/sample.ts";
export { type SampleFormat, type SampleOptions } from "./src/dcgan/sampling/sample_options.ts";
export { type PictureProtocol } from "./src/dcgan/terminal_pictures/protocol.ts";
export { terminalPicture } from "./src/dcgan/terminal_pictures/terminal_picture.ts";
export {
  generate,
  generateBytes,
  type GenerateOptions,
  latentVectors,
  NonFiniteSamplesError,
} from "./src/dcgan/sampling/generate.ts";
export {
  type LoadedGenerator,
  loadGenerator,
  type LoadGeneratorOptions,
} from "./src/dcgan/sampling/load_generator.ts";
export {
  type Channels,
  composeGrid,
  encodePng,
  type GridOptions,
  type ImageSides,
  type ImageSize,
  markPng,
  type Picture,
  type PictureBatch,
  sidesOf,
} from "./src/pictures/mod.ts";

// Drawing from a trained generator, one latent vector at a time
export { OpenGenerator, openGenerator } from "./src/dcgan/explore/open_generator.ts";
export { type GeneratorOptions } from "./src/dcgan/explore/generator_options.ts";
export { type GeneratorOrigin } from "./src/dcgan/checkpoints/find_generator.ts";

export { interpolate, type InterpolateResult } from "./src/dcgan/explore/interpolate.ts";
export {
  type InterpolateOptions,
  type InterpolationLayout,
} from "./src/dcgan/explore/interpolate_options.ts";
export { filmWalk, type FilmWalkOptions } from "./src/dcgan/explore/films/film_walk.ts";
export { filmTraining, type FilmTrainingOptions } from "./src/dcgan/explore/films/film_training.ts";
export { filmCheckpoints, type FilmCheckpointsOptions } from "./src/dcgan/explore/films/film_checkpoints.ts";
export { type FilmFileOptions, type FilmResult } from "./src/dcgan/explore/films/film_options.ts";
export { between, type Interpolation } from "./src/dcgan/explore/latents/between.ts";
export { onLoop } from "./src/dcgan/explore/latents/loop.ts";
export { type Latents } from "./src/dcgan/explore/latents/given_latents.ts";
export { type SeedPlace } from "./src/dcgan/explore/latents/places.ts";
export { readMark } from "./src/dcgan/explore/marks/read_mark.ts";

// What a latent space holds: directions, arithmetic, pictures of your own, nearest images
export {
  type DirectionMethod,
  directions,
  type DirectionsOptions,
  type FoundDirections,
} from "./src/dcgan/explore/directions/directions.ts";
export { type FactorDirection } from "./src/dcgan/explore/directions/factor_directions.ts";
export { type LatentDirection, moveLatent } from "./src/dcgan/explore/directions/latent_direction.ts";
export { type NamedDirection, readNamedDirections } from "./src/dcgan/explore/directions/named_directions.ts";
export { type Group, type GroupName } from "./src/dcgan/explore/arithmetic/groups.ts";
export {
  arithmetic,
  type ArithmeticOptions,
  type ArithmeticResult,
} from "./src/dcgan/explore/arithmetic/arithmetic.ts";
export { project, type ProjectOptions, type ProjectResult } from "./src/dcgan/explore/projection/project.ts";
export {
  findLatent,
  type FindLatentOptions,
  type FoundLatent,
} from "./src/dcgan/explore/projection/find_latent.ts";
export {
  type NearestImage,
  neighbors,
  type NeighborsOptions,
  type NeighborsResult,
  type SampleNeighbors,
} from "./src/dcgan/explore/neighbors/neighbors.ts";
export { type RunDataOptions } from "./src/dcgan/explore/run_data.ts";
export { type Mark } from "./src/pictures/mod.ts";

// Networks
export { type Architecture } from "./src/dcgan/networks/architecture.ts";
export { createGenerator } from "./src/dcgan/networks/generator.ts";
export { createDiscriminator } from "./src/dcgan/networks/discriminator.ts";
export {
  type DiscriminatorArchitecture,
  type GeneratorArchitecture,
  inferDiscriminator,
  inferDiscriminatorWidth,
  inferGenerator,
  type NamedShapes,
  type PickedGenerator,
  pickGenerator,
  type Shaped,
} from "./src/dcgan/networks/infer_architecture.ts";
export { drawLatent, hostLatent, type LatentDistribution } from "./src/dcgan/networks/latent.ts";

// Steps of one's own
export { Trainer } from "./src/dcgan/trainer.ts";
export { type TrainerConfig, type TrainerStepOptions } from "./src/dcgan/trainer_config.ts";
export { type StepPrograms } from "./src/dcgan/steps/step_programs.ts";
export { type TrainerParts, type TrainHooks } from "./src/dcgan/parts/trainer_parts.ts";
export { type CustomLoss } from "./src/dcgan/parts/custom_loss.ts";
export { type OptimizerConfig, type Optimizers } from "./src/dcgan/optimizers/optimizers.ts";
export { type RateConfig } from "./src/dcgan/optimizers/learning_rates.ts";
export { type StepValues } from "./src/dcgan/schedules/run_schedules.ts";
export { type ScheduledName } from "./src/dcgan/schedules/scheduled_values.ts";
export {
  type Adversaries,
  type StepAugmentation,
  type StepBatch,
  type StepGradientPenalty,
  type StepLabels,
  type StepNoise,
  type StepResults,
  trainingStep,
  type TrainingStepOptions,
} from "./src/dcgan/training_step.ts";
export { type LossOptions } from "./src/dcgan/adversarial_loss.ts";
export {
  AdaptiveProbability,
  type AdaptiveProbabilityOptions,
} from "./src/dcgan/augmentation/adaptive_probability.ts";
export { type LossName } from "./src/dcgan/options/losses.ts";
export { STEP_NUMBERS, type StepNumbers } from "./src/dcgan/numbers/step_numbers.ts";

// Batches
export { type BatchSource } from "./src/dcgan/batches/batch_source.ts";
export { Batches } from "./src/dcgan/batches/batches.ts";
export { openBatches } from "./src/dcgan/batches/open_batches.ts";
export { ResidentPictures } from "./src/dcgan/batches/resident_pictures.ts";
export { StreamedPictures } from "./src/dcgan/batches/streamed_pictures.ts";
export { type BatchConfig } from "./src/dcgan/batches/uploaded_pictures.ts";

// Checkpoints
export {
  restoreCheckpoint,
  writeCheckpoint,
  type WriteCheckpointOptions,
} from "./src/dcgan/checkpoints/checkpoint.ts";
export { type CheckpointChoice } from "./src/dcgan/checkpoints/choose_checkpoint.ts";
export { type CheckpointPlace, checkpointsIn } from "./src/dcgan/checkpoints/checkpoint_files.ts";
export {
  type BadValue,
  describeBadValue,
  expectFinite,
  firstNegativeVariance,
  firstNonFinite,
  type NamedValues,
} from "./src/dcgan/numbers/finite.ts";

// Kernels and where the time goes
export { type KernelVariants } from "./src/dcgan/kernels/kernel_variants.ts";
export { type Recalled, recallKernels, rememberKernels } from "./src/dcgan/kernels/kernel_memory.ts";
export { tuneKernels } from "./src/dcgan/kernels/tuning.ts";
export { type StepProfile, StepProfiler } from "./src/dcgan/kernels/step_profile.ts";
