/**
 * The types of a training run's options. What is allowed and taken by default is in `option_table.ts`.
 *
 * @module
 */

import type { Scheduled } from "../../nn/mod.ts";
import type { ArchitectureOptions } from "./architecture_options.ts";
import type { AugmentationOptions } from "./augmentation_options.ts";
import type { PresetName } from "../recipes/presets.ts";
import type { LossName } from "./losses.ts";
import type { OptimizerOptions } from "./optimizer_options.ts";
import type { RegularizationOptions } from "./regularization_options.ts";
import type { UpdateOptions } from "./update_options.ts";

export type { ArchitectureOptions } from "./architecture_options.ts";
export type { AugmentationOptions } from "./augmentation_options.ts";
export type { OptimizerOptions } from "./optimizer_options.ts";
export type { RegularizationOptions } from "./regularization_options.ts";
export type { UpdateOptions } from "./update_options.ts";

/** What a training step computes besides. */
export interface StepOptions
  extends AugmentationOptions, OptimizerOptions, RegularizationOptions, UpdateOptions {
  /**
   * Images in one step.
   *
   * @default {64}
   */
  batch?: number;
  /**
   * Seed of all random numbers. The same seed, adapter and version give the same bytes.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * Flips each image left to right with probability 1/2, drawn anew in each step.
   *
   * @default {false}
   */
  flip?: boolean;
  /**
   * The loss of both networks. The first two are logistic: the generator's is -log D(G(z)), or the original
   * log(1 - D(G(z))). The others are least squares, hinge, Wasserstein, and the relativistic pairs of RpGAN.
   *
   * @default {"non-saturating"}
   */
  loss?: LossName;
  /**
   * Decay of a moving average of the generator's weights, from which samples are drawn; see `MovingAverage`.
   * 0 is off.
   *
   * @default {0}
   */
  ema?: Scheduled;
  /**
   * Snapshots over the run of two averages of the generator's weights, from which `sample()` builds averages
   * of other lengths after the run (`emaLength`). Each takes 4 bytes of disk for each parameter of the
   * generator. 0 is off.
   *
   * @default {0}
   */
  emaSnapshots?: number;
  /**
   * Type in which training stores activations and their gradients, and in which convolutions read their
   * weights. Sums, parameters, optimizers and samples are f32 in either case. Not every adapter supports f16.
   *
   * @default {"f32"}
   */
  precision?: "f32" | "f16";
}

/**
 * Options of a training run; every one has a default. The command line takes the same, as
 * `--learning-rate 2e-4`.
 */
export interface TrainOptions extends ArchitectureOptions, StepOptions {
  /**
   * Name of a built-in dataset, a folder or zip of pictures, or a dataset plugin: its path or module
   * specifier.
   *
   * @default {"faces"}
   */
  data?: string;
  /**
   * Folder or file that holds the dataset's data. The default is the dataset's folder in the user's cache.
   */
  dataRoot?: string;
  /**
   * Options of the dataset itself, by name.
   *
   * @default {{}}
   */
  dataOptions?: Record<string, string | number | boolean>;
  /**
   * Seconds without progress, while a dataset opens or reads a batch, after which it counts as hung. The
   * config does not keep it.
   *
   * @default {300}
   */
  dataTimeout?: number;
  /**
   * URL of a folder to download the dataset's files from, before its own servers. The config does not keep
   * it.
   */
  mirror?: string;
  /**
   * Use only files that are already downloaded, never the network. The config does not keep it.
   *
   * @default {false}
   */
  offline?: boolean;
  /**
   * MiB of GPU memory that the dataset may take, 1024 by default. If all of its images fit, and one buffer of
   * the adapter holds them, they are uploaded once. Otherwise, or with 0, each batch is uploaded for its
   * step. The results are the same.
   */
  gpuDataMemory?: number;
  /**
   * Options for those that are not given: `pytorch` (PyTorch's examples/dcgan), `paper` (Radford et al.
   * 2015), `paper-faces` and `paper-svhn` (its authors' code), `modern` (relativistic pairs with R1 and R2,
   * Huang et al. 2024), `few` (the same for 10 to 500 images), `small` (the same for a processor), or `auto`:
   * those of `modern`, with sizes and steps by the number of images, the measured speed of the adapter, and
   * the time. The config does not keep it, only what it sets.
   *
   * @default {"pytorch"}
   */
  preset?: PresetName;
  /**
   * Minutes to train, instead of `steps` or `epochs`: how many steps those are is measured before the first.
   * With the preset `auto` the default is 10.
   */
  minutes?: number;
  /**
   * Steps to train. Cannot be combined with `epochs`.
   *
   * @default {1000}
   */
  steps?: number;
  /** Passes over the dataset to train, instead of `steps`. */
  epochs?: number;
  /**
   * What to do if a number becomes NaN or infinite: stop with an error, or roll back to the last good
   * checkpoint, halve the learning rates and continue from there, at most 5 times. Without a checkpoint the
   * run stops.
   *
   * @default {"stop"}
   */
  onNan?: "stop" | "rollback";
  /** The run folder. Without it the first free `runs/<data>-<n>`. */
  out?: string;
  /**
   * Weights that a new run starts from: a run folder, of which the latest checkpoint is taken, or a file of
   * safetensors or of `torch.save` with a generator, a discriminator or both. Options of the networks that are
   * not given are those of the weights; others are refused if they contradict. States of Adam that are in such
   * a file come along. The config keeps where they were, and their SHA-256. Not together with `resume`.
   */
  from?: string;
  /**
   * Folder of a run to resume from its latest intact checkpoint. On the same adapter the rest is byte for
   * byte what it would have been without the break. A run without a checkpoint starts over. All settings come
   * from the run's config; only {@linkcode ResumableOption}s may be given anew, such as more `steps`, a lower
   * learning rate, or a new path of the same data, and with `override` also {@linkcode OverridableOption}s.
   * If the dataset is a module, give `data` again: the config may come from somebody else, and the code of a
   * module has all permissions of the program.
   */
  resume?: string;
  /**
   * With `resume`: the step of the checkpoint to continue from. Later checkpoints are moved to the folder
   * `set-aside-1` of the run (or 2, 3, ...). Without it the latest intact checkpoint.
   */
  step?: number;
  /**
   * With `resume`: steps to train from the checkpoint that the run continues from. Not together with `steps`
   * or `epochs`. The config then holds the new number of all steps.
   */
  more?: number;
  /**
   * With `resume`: lets {@linkcode OverridableOption}s change from the next step on. The config remembers
   * what was changed, and at which step.
   *
   * @default {false}
   */
  override?: boolean;
  /**
   * Steps between grids of samples; 0 writes one only at the end. By default, grids are drawn after 1, 4, 16,
   * ... steps, and then about twenty times over the run.
   */
  sampleEvery?: number;
  /**
   * Images in each grid of samples.
   *
   * @default {64}
   */
  samples?: number;
  /**
   * Steps between checkpoints; 0 writes one only at the end.
   *
   * @default {500}
   */
  checkpointEvery?: number;
  /**
   * Seconds between readings of the metrics.
   *
   * @default {1}
   */
  logEvery?: number;
  /**
   * Time every kernel in steps 3 to 12 (fewer in a shorter run), report the times as an event, and write them
   * to `profile.json`. Nothing else about the run changes. The config does not keep it.
   *
   * @default {false}
   */
  profile?: boolean;
  /**
   * Write the numbers of all steps, scores and samples as an event file for TensorBoard too, in the run
   * folder. A run that is resumed goes on as it was, unless this is given anew. Its event file holds the time
   * of each step, and so has other bytes each time.
   */
  tensorboard?: boolean;
  /**
   * Keep `report.html` up to date: the curves, the samples and what the scores say, as one page. The config
   * does not keep this option.
   *
   * @default {true}
   */
  report?: boolean;
  /**
   * Before the first step, time all variants of each kernel on this adapter, use the fastest, and save them
   * for later runs. By default a run uses the saved ones; false uses the default variants.
   */
  tune?: boolean;
  /**
   * Steps between scores of the samples; 0 for none. By default, they are scored as often as fits in 3% of
   * the time, and at the end.
   */
  scoreEvery?: number;
  /**
   * The score that says which checkpoint is best: the sliced Wasserstein distance of patches, which needs
   * nothing but pictures, or the Fréchet distance of the features of a classifier, for data with classes. The
   * classifier is trained before the first step, or was kept by an earlier run on the same data.
   *
   * @default {"swd"}
   */
  scoreBy?: "swd" | "frechet";
  /**
   * Latest checkpoints to keep, or all. The one with the best score is always kept.
   *
   * @default {5}
   */
  keep?: number | "all";
  /**
   * Ends the run once this many scores in a row are no better than the best before them; 0 never does.
   *
   * @default {0}
   */
  stopWhenFlat?: number;
  /**
   * Stops the run early once it aborts: the run finishes the step, and writes a checkpoint and its last
   * samples.
   */
  signal?: AbortSignal;
}

/** Names of the options that are plain values, and so can be given on the command line. */
export type OptionName = Exclude<keyof TrainOptions, "signal">;
