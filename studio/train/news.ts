import type { StepMetrics } from "../../src/dcgan/run/events.ts";
import type { TrainConfig } from "../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { JudgmentKind } from "../../src/dcgan/scores/judge/judgment.ts";
import type { Verdict } from "../../src/dcgan/scores/judge/verdict.ts";
import type { ModelFacts, Pictures } from "../engine/model.ts";

/** Which networks learn in a step. */
export type StepOf = "both" | "discriminator" | "generator";

/** What the form sets of a new run. */
export type GivenOptions = Pick<
  TrainOptions,
  "preset" | "minutes" | "steps" | "size" | "flip" | "seed" | "batch" | "ngf" | "ndf"
>;

/** What may change of a run while it trains. */
export type Changes = Pick<
  TrainOptions,
  "learningRate" | "dLearningRate" | "loss" | "augment" | "flip"
>;

/** The pictures that training will see. */
export interface FoundPictures {
  /** What the command line calls them: the value of `--data`. */
  readonly data: string;
  /** Name of the folder, or of the dataset. */
  readonly name: string;
  /** How many there are. */
  readonly count: number;
  /** In how many folders, if these are classes; 0 if there are none. */
  readonly classes: number;
  /** Some of them, cut and resized. */
  readonly preview: Pictures;
  /** What was left out, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** What else was said of them, such as that other files were passed over. */
  readonly notes: readonly string[];
}

/** The numbers of a step that curves show. */
export type CurvePoint = Pick<
  StepMetrics,
  "step" | "generatorLoss" | "discriminatorLossReal" | "discriminatorLossFake" | "dReal" | "dFake"
>;

/** What files turned out to be. */
export type Found =
  | { readonly kind: "pictures"; readonly pictures: FoundPictures }
  | { readonly kind: "run"; readonly run: OpenedRun };

/** A saved run that was opened. */
export interface OpenedRun {
  /** Its model, which is open now. */
  readonly model: ModelFacts;
  /** Its numbers so far. */
  readonly points: readonly CurvePoint[];
  /** Samples at that step. */
  readonly samples: Pictures;
  /** Whether its pictures are there, so that it can go on. */
  readonly hasPictures: boolean;
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/** A run that is kept in the browser. */
export interface KeptRun {
  /** Name of its folder. */
  readonly name: string;
  /** Whether it trains in another tab, has done its last step, ended before, or cannot be read. */
  readonly state: "running" | "finished" | "stopped" | "damaged";
  /** Step of its latest checkpoint; 0 if it has none. */
  readonly step: number;
  /** Steps that it is to have. */
  readonly steps: number;
  /** Bytes of its files. */
  readonly bytes: number;
  /** When it was last written: a time of ISO 8601. */
  readonly written: string;
}

/** The runs that this browser keeps; undefined if it keeps none, and runs live in memory. */
export type KeptRuns = readonly KeptRun[] | undefined;

/** What the worker tells of a run as it goes on. */
export type TrainNews =
  | { readonly type: "timing" }
  | {
    readonly type: "start";
    readonly config: TrainConfig;
    readonly model: ModelFacts;
    readonly adapter: string;
    readonly software: boolean;
    readonly step: number;
  }
  | {
    readonly type: "numbers";
    readonly point: CurvePoint;
    readonly epoch: number;
    readonly imagesPerSecond: number;
    readonly secondsLeft: number;
  }
  | { readonly type: "samples"; readonly step: number; readonly pictures: Pictures }
  | {
    readonly type: "judgment";
    readonly step: number;
    readonly kind: JudgmentKind;
    readonly message: string;
  }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "paused" }
  | { readonly type: "kept"; readonly step: number }
  | { readonly type: "end"; readonly step: number; readonly verdict: Verdict | undefined }
  | {
    readonly type: "failed";
    readonly name: string;
    readonly message: string;
    /** Whether there was no space left. */
    readonly isFull: boolean;
  };
