/** Training, scores, sampling and files of runs, in every runtime. */

// Devices
export { type Device, openDevice } from "../gpu/mod.ts";

// Training
export { train } from "../dcgan/train.ts";
export { type FollowOptions, followTraining } from "../dcgan/ranks/follow.ts";
export { type TrainingRanks } from "../dcgan/ranks/rank_messages.ts";
export { type DryRun, dryRun, type ResumedDryRun } from "../dcgan/run/dry_run.ts";
export type { OptionChange } from "../dcgan/run/changes/differences.ts";
export { type LayerRow } from "../dcgan/networks/layer_table.ts";
export {
  type ArchitectureOptions,
  type AugmentationOptions,
  type OptimizerOptions,
  type OptionName,
  type RegularizationOptions,
  type StepOptions,
  type TrainOptions,
  type UpdateOptions,
} from "../dcgan/options/options.ts";
export {
  type OptionalOption,
  type OverridableOption,
  type PassingOption,
  type ResumableOption,
} from "../dcgan/options/option_marks.ts";
export { type ChangedField, type ConfigChange } from "../dcgan/run/changes/changes.ts";
export {
  CONFIG_VERSION,
  formatConfig,
  parseConfig,
  resolveConfig,
  type RunFacts,
  type TrainConfig,
} from "../dcgan/options/config.ts";
export { type PresetName } from "../dcgan/recipes/presets.ts";
export { parseOptions } from "../dcgan/options/options_file.ts";
export { ConfigError, type ConfigIssue } from "../dcgan/options/config_issue.ts";
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
} from "../dcgan/run/events.ts";
export {
  type NonFinite,
  NonFiniteError,
  type NonFiniteKind,
  type RunPlace,
} from "../dcgan/numbers/non_finite.ts";

// Scores
export { evaluate, type EvaluateOptions, type Evaluation } from "../dcgan/evaluate.ts";
export {
  type Described,
  type FeatureNetwork,
  type PredictedLabel,
} from "../dcgan/scores/features/feature_network.ts";
export { type Features } from "../dcgan/scores/metrics/features.ts";
export { type Score, type ScoreMeaning, type ScoreName, SCORES, type Scores } from "../dcgan/scores/score.ts";
export { type StepScores } from "../dcgan/scores/scores_file.ts";
export { type Judgment, type JudgmentKind } from "../dcgan/scores/judge/judgment.ts";
export { type Grade, type Verdict } from "../dcgan/scores/judge/verdict.ts";

// Runs as data
export { listRuns } from "../dcgan/runs/list_runs.ts";
export { type FoundRun, type QueryResult, queryRuns, type RunQuery } from "../dcgan/runs/query_runs.ts";
export {
  compareRuns,
  type DifferingOption,
  type RunAtStep,
  type RunComparison,
} from "../dcgan/runs/compare_runs.ts";
export { type DamagedRun, readRun, type RunSummary } from "../dcgan/runs/run_summary.ts";
export { type StepMeans } from "../dcgan/runs/step_means.ts";

// Reports
export { writeReport, type WriteReportOptions } from "../dcgan/report/write_report.ts";

// Notebooks and pictures
export { showImages, type ShowImagesOptions } from "../dcgan/notebook/show_images.ts";
export { Shown, type ShownForms } from "../dcgan/notebook/shown.ts";
export { type MimeBundle } from "../pictures/notebook/mime_bundle.ts";
export { picturesOf, type PicturesOfOptions } from "../dcgan/notebook/pictures_of.ts";
export { plotMetrics, type PlotOptions } from "../dcgan/plot/plot.ts";
export { plotCurves, type PlotCurvesOptions } from "../dcgan/plot/plot_curves.ts";

// Sampling
export { sample, type SampleResult } from "../dcgan/sample.ts";
export { type SampleFormat, type SampleOptions } from "../dcgan/sampling/sample_options.ts";
export { type PictureProtocol } from "../dcgan/terminal_pictures/protocol.ts";
export { terminalPicture } from "../dcgan/terminal_pictures/terminal_picture.ts";
export {
  type DrawingGenerator,
  type DrawingPass,
  generate,
  generateBytes,
  type GenerateOptions,
  latentVectors,
  NonFiniteSamplesError,
} from "../dcgan/sampling/generate.ts";
export {
  type LoadedGenerator,
  loadGenerator,
  type LoadGeneratorOptions,
} from "../dcgan/sampling/load_generator.ts";
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
} from "../pictures/mod.ts";

// Networks
export { type Architecture } from "../dcgan/networks/architecture.ts";
export { createGenerator } from "../dcgan/networks/generator.ts";
export { createDiscriminator } from "../dcgan/networks/discriminator.ts";
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
} from "../dcgan/networks/infer_architecture.ts";
export { drawLatent, hostLatent, type LatentDistribution } from "../dcgan/networks/latent.ts";

// Steps of one's own
export { Trainer } from "../dcgan/trainer.ts";
export { type TrainerConfig, type TrainerStepOptions } from "../dcgan/trainer_config.ts";
export { type StepPrograms } from "../dcgan/steps/step_programs.ts";
export { type TrainerParts, type TrainHooks } from "../dcgan/parts/trainer_parts.ts";
export { type CustomLoss } from "../dcgan/parts/custom_loss.ts";
export { type OptimizerConfig, type Optimizers } from "../dcgan/optimizers/optimizers.ts";
export { type RateConfig } from "../dcgan/optimizers/learning_rates.ts";
export { type StepValues } from "../dcgan/schedules/run_schedules.ts";
export { type ScheduledName } from "../dcgan/schedules/scheduled_values.ts";
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
} from "../dcgan/training_step.ts";
export { type LossOptions } from "../dcgan/adversarial_loss.ts";
export {
  AdaptiveProbability,
  type AdaptiveProbabilityOptions,
} from "../dcgan/augmentation/adaptive_probability.ts";
export { type LossName } from "../dcgan/options/losses.ts";
export { STEP_NUMBERS, type StepNumbers } from "../dcgan/numbers/step_numbers.ts";

// Batches
export { type BatchSource } from "../dcgan/batches/batch_source.ts";
export { Batches } from "../dcgan/batches/batches.ts";
export { openBatches } from "../dcgan/batches/open_batches.ts";
export { ResidentPictures } from "../dcgan/batches/resident_pictures.ts";
export { StreamedPictures } from "../dcgan/batches/streamed_pictures.ts";
export { type BatchConfig } from "../dcgan/batches/uploaded_pictures.ts";

// Checkpoints
export {
  restoreCheckpoint,
  writeCheckpoint,
  type WriteCheckpointOptions,
} from "../dcgan/checkpoints/checkpoint.ts";
export { fetchModel, type HubOptions, type HubWeights } from "../dcgan/weights/hub_model.ts";
export { type StartedFrom } from "../dcgan/weights/started_from.ts";
export { writeTrainingState, type WriteTrainingStateOptions } from "../dcgan/weights/training_state.ts";
export { type CheckpointChoice } from "../dcgan/checkpoints/choose_checkpoint.ts";
export { type CheckpointPlace, checkpointsIn } from "../dcgan/checkpoints/checkpoint_files.ts";
export {
  type BadValue,
  describeBadValue,
  expectFinite,
  firstNegativeVariance,
  firstNonFinite,
  type NamedValues,
} from "../dcgan/numbers/finite.ts";

// Kernels and where the time goes
export { type KernelVariants } from "../dcgan/kernels/kernel_variants.ts";
export { type Recalled, recallKernels, rememberKernels } from "../dcgan/kernels/kernel_memory.ts";
export { tuneKernels } from "../dcgan/kernels/tuning.ts";
export { type StepProfile, StepProfiler } from "../dcgan/kernels/step_profile.ts";
