import { choice, integer, keptCount, number, text, toggle } from "../option.ts";
import type { OptionTable } from "../option_marks.ts";
import { MOST_COUNT } from "./most_count.ts";

/** Options of the run folder. */
export const runFolderOptions: Pick<
  OptionTable,
  | "out"
  | "from"
  | "resume"
  | "step"
  | "more"
  | "override"
  | "sampleEvery"
  | "samples"
  | "checkpointEvery"
  | "logEvery"
  | "scoreEvery"
  | "scoreBy"
  | "keep"
  | "stopWhenFlat"
  | "profile"
  | "tensorboard"
  | "report"
> = {
  out: {
    ...text("the path of a folder"),
    group: "Most used",
    value: "folder",
    summary: "folder for config, metrics, samples and checkpoints",
    otherwise: "the first free runs/<data>-<n>",
  },
  from: {
    ...text("the path of a run folder or of a file of weights"),
    group: "Most used",
    value: "weights",
    summary:
      "start a new run from weights: a run, a .safetensors, .pt or .pth file, or hf:user/model, with a generator, " +
      "a discriminator or both; options of the networks follow from them",
    otherwise: "first weights by the seed",
    passing: true,
  },
  resume: {
    ...text("the path of a run folder"),
    group: "Most used",
    value: "run",
    summary:
      "resume a run from its latest checkpoint with its saved config; --more trains it longer; give --data again " +
      "if it is a plugin",
    otherwise: "a new run",
    passing: true,
  },
  step: {
    ...integer(0, MOST_COUNT),
    group: "Resuming",
    value: "number",
    summary: "with --resume: continue from the checkpoint of this step; later ones are set aside",
    otherwise: "the latest",
    passing: true,
  },
  more: {
    ...integer(1, MOST_COUNT),
    group: "Resuming",
    value: "steps",
    summary: "with --resume: steps to train from the checkpoint on, instead of --steps",
    otherwise: "up to the --steps of its config",
    passing: true,
  },
  override: {
    ...toggle(),
    group: "Resuming",
    summary:
      "with --resume: let --flip, --augment, --augment-probability, --augment-target, --batch, --d-steps, " +
      "--g-steps, --accumulate, --shards, --bn, --exchange, --loss, --label-smoothing, --label-flip, --r1, --r2, --gradient-penalty, " +
      "--penalty-every, --instance-noise, --optimizer, --schedule, --warmup, --beta1, " +
      "--beta2, --clip, --weight-decay, --samples, --score-by and --data-<option> change from here on",
    default: false,
    passing: true,
  },
  sampleEvery: {
    ...integer(0, MOST_COUNT),
    group: "Run folder",
    value: "steps",
    summary: "steps between grids of samples; 0: only at the end",
    otherwise: "after 1, 4, 16, ... steps, then about twenty over the run",
    resumable: true,
    optional: true,
  },
  samples: {
    ...integer(1, 4096),
    group: "Run folder",
    value: "images",
    summary: "images in each grid of samples",
    default: 64,
    overridable: true,
  },
  checkpointEvery: {
    ...integer(0, MOST_COUNT),
    group: "Run folder",
    value: "steps",
    summary: "steps between checkpoints; 0: only at the end",
    default: 500,
    resumable: true,
  },
  logEvery: {
    ...number({ from: 0, to: 86400 }),
    group: "Run folder",
    value: "seconds",
    summary: "seconds between readings of the metrics",
    default: 1,
    resumable: true,
  },
  scoreEvery: {
    ...integer(0, MOST_COUNT),
    group: "Scores",
    value: "steps",
    summary: "steps between scores of the samples; 0: none",
    otherwise: "as often as fits in 3% of the run's time, and at the end",
    resumable: true,
    optional: true,
  },
  scoreBy: {
    ...choice(["swd", "frechet"]),
    group: "Scores",
    value: "name",
    summary:
      "score that decides the best checkpoint: sliced Wasserstein distance of patches, or Fréchet distance of a " +
      "classifier's features",
    default: "swd",
    overridable: true,
  },
  keep: {
    ...keptCount(),
    group: "Run folder",
    value: "count",
    summary: "latest checkpoints to keep, or all; the one with the best score is always kept",
    default: 5,
    resumable: true,
  },
  stopWhenFlat: {
    ...integer(0, 1000),
    group: "Scores",
    value: "scores",
    summary: "end the run once this many scores in a row are no better; 0: never",
    default: 0,
    resumable: true,
  },
  profile: {
    ...toggle(),
    group: "Run folder",
    summary: "time every kernel in steps 3 to 12, show a table, and write profile.json",
    default: false,
    resumable: true,
    passing: true,
  },
  tensorboard: {
    ...toggle(),
    group: "Run folder",
    summary: "write numbers, scores and samples as an event file for TensorBoard too",
    opposite: "stop writing the event file of a run that is resumed",
    otherwise: "false, or as the run did before",
    resumable: true,
    optional: true,
  },
  report: {
    ...toggle(),
    group: "Run folder",
    summary: "keep report.html up to date: curves, samples and verdict in one page; the default",
    opposite: "write no report.html",
    default: true,
    resumable: true,
    passing: true,
  },
};
