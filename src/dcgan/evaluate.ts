import type { DatasetProgress } from "../../plugins/datasets/mod.ts";
import { type Device, expectKnownOptions } from "../gpu/mod.ts";
import { type CheckpointChoice, chooseCheckpoint } from "./checkpoints/choose_checkpoint.ts";
import { openRunData, readRunConfig } from "./explore/run_data.ts";
import { shownBy } from "../pictures/notebook/mime_bundle.ts";
import { evaluationBundle } from "./notebook/result_bundles.ts";
import { ConfigError } from "./options/config_issue.ts";
import { averageLength, integer } from "./options/option.ts";
import { generateBytes } from "./sampling/generate.ts";
import { loadGenerator } from "./sampling/load_generator.ts";
import type { FeatureNetwork } from "./scores/features/feature_network.ts";
import { classLabelsOf, readLabeled } from "./scores/features/labeled_pictures.ts";
import { openClassifier } from "./scores/features/open_classifier.ts";
import { judgeSamples, LATE, type Verdict } from "./scores/judge/verdict.ts";
import { countOf, firstOf } from "./scores/pictures.ts";
import { prepareReference, readPictures } from "./scores/reference.ts";
import { sampleLabels } from "./scores/sample_labels.ts";
import type { Scores } from "./scores/score.ts";
import { scoreSamples } from "./scores/score_samples.ts";
import * as v from "valibot";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /**
   * Which checkpoint: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
  /**
   * Relative length of the moving average to score, as in `sample()`. Without it the run's own, if it has
   * one.
   */
  emaLength?: number;
  /**
   * Samples, and pictures of the data at most. Scores of other numbers are not comparable with each other.
   *
   * @default {10000}
   */
  count?: number;
  /**
   * Seed of the latent vectors.
   *
   * @default {1}
   */
  seed?: number;
  /** The run's dataset, if it is a module, or lies elsewhere now. */
  data?: string;
  /** Folder or file that holds the dataset's data, if it lies elsewhere now. */
  dataRoot?: string;
  /**
   * What describes pictures with features. Without it a classifier of the dataset's classes does, which is
   * trained on them, or was kept by an earlier evaluation of the same data; false leaves features out.
   */
  features?: FeatureNetwork | false;
  /** Is told in a sentence what takes time. Without it nobody is. */
  report?: (message: string) => void;
  /** Is told how far a download, or the training of the classifier, has come. Without it nobody is. */
  progress?: (progress: DatasetProgress) => void;
  /** Ends it once it aborts, with the signal's reason. */
  signal?: AbortSignal;
}

/** How good a generator is. In a notebook it shows itself as a table. */
export interface Evaluation {
  /** The run folder. */
  readonly run: string;
  /** Step of the checkpoint. */
  readonly step: number;
  /** How many samples were scored. */
  readonly samples: number;
  /** With how many pictures of the data they were compared. */
  readonly pictures: number;
  /** Seed of the samples. */
  readonly seed: number;
  /** What described pictures; undefined if nothing did. */
  readonly features: Pick<FeatureNetwork, "name" | "dimensions" | "labels"> | undefined;
  /** The scores. */
  readonly scores: Scores;
  /** What they say, in words. */
  readonly verdict: Verdict;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

const withTable = shownBy(evaluationBundle);

const COUNT = integer(20, 65536);
const LENGTH = averageLength();

/**
 * Scores the generator of a run against its dataset: Fréchet distance, KID, precision, recall, density,
 * coverage, modes and reverse KL for data with classes, and for all data the sliced Wasserstein distance of
 * patches, the deviation and the distance to the nearest picture, each with its standard error. The samples
 * of a conditional run have the classes of the data as often as the data does.
 *
 * Features come from a small classifier that is trained on the dataset's own classes, so distances are not
 * those of Inception's features (FID): compare them with those of the same dataset and size only.
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if an option is not allowed, or the dataset is not the run's.
 * @throws {DatasetError} if the dataset cannot be used.
 * @throws {RangeError} if there are fewer than 20 pictures.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { evaluate, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 3, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", dataOptions: { length: 200 }, out }));
 * const { scores, step } = await evaluate(device, out, { count: 100, features: false });
 * assertEquals(step, 3);
 * assert(scores.swd!.value > 0);
 * ```
 */
export async function evaluate(
  device: Device,
  run: string,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  expectKnownOptions<EvaluateOptions>("evaluate()", options, {
    from: true,
    emaLength: true,
    count: true,
    seed: true,
    data: true,
    dataRoot: true,
    features: true,
    report: true,
    progress: true,
    signal: true,
  });
  const {
    from = "last",
    emaLength,
    count = 10_000,
    seed = 1,
    report = () => {},
    progress = () => {},
    signal,
  } = options;
  if (!v.is(COUNT.schema, count)) {
    const problem = `must be ${COUNT.allowed}, found ${JSON.stringify(count)}`;
    throw new ConfigError("Cannot evaluate", [{ option: "count", problem }]);
  }
  if (emaLength !== undefined && !v.is(LENGTH.schema, emaLength)) {
    const problem = `must be ${LENGTH.allowed}, found ${JSON.stringify(emaLength)}`;
    throw new ConfigError("Cannot evaluate", [{ option: "emaLength", problem }]);
  }
  const config = await readRunConfig(run, options, "evaluate the samples");
  const chosen = await chooseCheckpoint(run, config, from);
  if (!chosen) throw new Error(`Cannot evaluate ${run}: it has no checkpoint yet. Let it run longer`);
  // First, as it may refuse, and what follows may take minutes
  const loaded = await loadGenerator(device, run, {
    from: chosen.place.step,
    ...(emaLength === undefined ? {} : { emaLength }),
  });
  using generator = loaded.generator;
  const { latent, latentDistribution, size, channels } = loaded;
  const warnings = [...chosen.warnings, ...loaded.warnings];
  await using dataset = await openRunData(run, config, options, warnings, "evaluate");

  const labeled = options.features === undefined && classLabelsOf(dataset).length > 0
    ? await readLabeled(dataset, signal)
    : undefined;
  using classifier = labeled && await openClassifier(device, labeled, { report, progress, signal });
  const network = options.features === false ? undefined : options.features ?? classifier;
  // Both are the beginning of one choice, so what the classifier was given need not be read again
  const pictures = labeled && labeled.count >= Math.min(count, dataset.length)
    ? firstOf({ ...labeled, bytes: labeled.pictures }, Math.min(count, dataset.length))
    : await readPictures(dataset, count, signal);
  report(`Comparing with ${countOf(pictures)} images of the data`);
  const reference = await prepareReference(pictures, network, undefined, signal);
  report(`Scoring ${count} samples of step ${chosen.place.step}`);
  const labels = sampleLabels(dataset, config, count);
  const drawn = { count, seed, latent, latentDistribution, labels, size, signal };
  const bytes = await generateBytes(generator, drawn);
  const scores = await scoreSamples(reference, { bytes, size, channels }, signal);
  const evaluation: Evaluation = {
    run,
    step: chosen.place.step,
    samples: count,
    pictures: countOf(pictures),
    seed,
    features: network && { name: network.name, dimensions: network.dimensions, labels: network.labels },
    scores,
    verdict: judgeSamples(scores, chosen.place.step < LATE),
    warnings,
  };
  return withTable(evaluation);
}
