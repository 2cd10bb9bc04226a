/**
 * What a training run reports as it goes. One stream of events feeds the progress line, the log, the plots
 * and any script that iterates over {@linkcode train}.
 *
 * @module
 */
import type { DatasetProgress } from "../../../plugins/datasets/mod.ts";
import type { Tuned } from "../../gpu/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import type { StepProfile } from "../kernels/step_profile.ts";
import type { Judgment } from "../scores/judge/judgment.ts";
import type { Verdict } from "../scores/judge/verdict.ts";
import type { ScoreName } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";
import type { StepNumbers } from "../numbers/step_numbers.ts";

/** The dataset is being opened, which may take a download: its message, or its progress. */
export interface DatasetEvent {
  /** Kind of event. */
  readonly type: "dataset";
  /** What it says, in one line. */
  readonly message?: string;
  /** How far a download has come. */
  readonly progress?: DatasetProgress;
}

/**
 * Training steps are timed, which takes some seconds, to choose sizes or the number of steps. Comes before
 * the start.
 */
export interface TimingEvent {
  /** Kind of event. */
  readonly type: "timing";
}

/** A preset completed the options by what it found of the data and the adapter. Comes before the start. */
export interface RecipeEvent {
  /** Kind of event. */
  readonly type: "recipe";
  /** What was chosen, and why, a sentence each. */
  readonly reasons: readonly string[];
}

/** The first event once the dataset is open: what will be trained, and on what. */
export interface StartEvent {
  /** Kind of event. */
  readonly type: "start";
  /** The run's config, nothing left open. */
  readonly config: TrainConfig;
  /** Trainable numbers of each network. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  /** Name of the GPU adapter, as a person would call it. */
  readonly adapter: string;
  /** Images in the dataset. */
  readonly images: number;
  /** Steps that were done before: 0, or those of the checkpoint that the run resumes from. */
  readonly stepsBefore: number;
  /** Ranks that share each batch, if there are several. */
  readonly ranks?: number;
}

/** The numbers of one step, and its place in the run. */
export interface StepMetrics extends StepNumbers {
  /** Step, counted from 1. */
  readonly step: number;
  /** Passes over the dataset so far, with fraction. */
  readonly epoch: number;
}

/** The fastest variant of one kernel was found. Comes before the start, if a run tunes. */
export interface TunedEvent extends Tuned {
  /** Kind of event. */
  readonly type: "tuned";
  /** How many were found with this one. */
  readonly number: number;
  /** How many there are to find. */
  readonly of: number;
}

/** All kernels of a run were tuned. */
export interface TuningEndEvent {
  /** Kind of event. */
  readonly type: "tuning-end";
  /** How many. */
  readonly kernels: number;
  /** The file that keeps them for later runs. */
  readonly path?: string;
  /** Why they were not saved, if they were not. This run uses them anyway. */
  readonly problem?: string;
}

/** The latest step's numbers, read at the cadence of `logEvery`; the log in the run folder has every step. */
export interface MetricsEvent extends StepMetrics {
  /** Kind of event. */
  readonly type: "metrics";
  /** Images trained on per second since the last such event. */
  readonly imagesPerSecond: number;
  /** Seconds left to the last step at this speed. */
  readonly secondsLeft: number;
}

/** A picture of samples was written. */
export interface SamplesEvent {
  /** Kind of event. */
  readonly type: "samples";
  /** Step after which they were drawn. */
  readonly step: number;
  /** Path of the picture. */
  readonly path: string;
}

/** The samples were scored. */
export interface ScoreEvent extends StepScores {
  /** Kind of event. */
  readonly type: "score";
  /** The score that decides which checkpoint is best. */
  readonly by: ScoreName;
  /** Whether it is the best so far: then the checkpoint of this step is kept. */
  readonly isBest: boolean;
}

/** Something is wrong with the run, as far as its numbers show; each kind is told once. */
export interface JudgmentEvent extends Judgment {
  /** Kind of event. */
  readonly type: "judgment";
  /** Step after which it was seen. */
  readonly step: number;
}

/** A checkpoint was written, and is safe on disk. */
export interface CheckpointEvent {
  /** Kind of event. */
  readonly type: "checkpoint";
  /** Step after which it was taken. */
  readonly step: number;
  /** Path of the checkpoint. */
  readonly path: string;
}

/** Where the time of a step goes, reported once in runs with the option `profile`. */
export interface ProfileEvent {
  /** Kind of event. */
  readonly type: "profile";
  /** Step after which it is reported. */
  readonly step: number;
  /** Path of the file that holds the same as JSON. */
  readonly path: string;
  /** What was found. */
  readonly profile: StepProfile;
}

/** Something the user should know that does not end the run. */
export interface WarningEvent {
  /** Kind of event. */
  readonly type: "warning";
  /** One sentence. */
  readonly message: string;
}

/** The last event. */
export interface EndEvent {
  /** Kind of event. */
  readonly type: "end";
  /** Steps trained in all, including those before the run was resumed. */
  readonly step: number;
  /** Seconds that this run took. */
  readonly seconds: number;
  /** The run folder. */
  readonly out: string;
  /** Whether the run's signal ended it before its last step. */
  readonly interrupted: boolean;
  /** Whether it ended before its last step because its scores no longer improved. */
  readonly flat: boolean;
  /** How good its samples are; undefined if they were never scored. */
  readonly verdict: Verdict | undefined;
  /** Step of the checkpoint with the best score; undefined if there is none. */
  readonly best: number | undefined;
}

/** An event of a training run; `type` says which. */
export type TrainEvent =
  | DatasetEvent
  | TimingEvent
  | RecipeEvent
  | TunedEvent
  | TuningEndEvent
  | StartEvent
  | MetricsEvent
  | SamplesEvent
  | ScoreEvent
  | JudgmentEvent
  | CheckpointEvent
  | ProfileEvent
  | WarningEvent
  | EndEvent;
