import type { Device } from "../../../gpu/mod.ts";
import type { CheckpointChoice } from "../../checkpoints/choose_checkpoint.ts";
import { type LabeledDataOptions, openLabeledParts } from "../data/labeled_parts.ts";
import { shuffledNumbers } from "../data/shuffled_numbers.ts";
import { DiscriminatorFeatures } from "../networks/discriminator_features.ts";
import { loadDiscriminator } from "../networks/load_discriminator.ts";
import { checkOptions } from "../options/check_options.ts";
import { SVM_KINDS } from "../options/kinds.ts";
import { ConfigError, type ConfigIssue } from "../../options/config_issue.ts";
import { drawPerClass } from "./draw_per_class.ts";
import { FeatureSource } from "./feature_source.ts";
import { SvmProtocol, type TriedC } from "./protocol.ts";

/** Options of {@linkcode svmExperiment}. */
export interface SvmExperimentOptions extends LabeledDataOptions {
  /**
   * Which checkpoint: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
  /** Images of each class to train on, chosen at random. Without it, all images are trained on. */
  perClass?: number;
  /**
   * How often images of each class are chosen anew, for the mean and the standard deviation.
   *
   * @default {5 with perClass, else 1}
   */
  draws?: number;
  /** Most images to train on without `perClass`. All if not given. */
  limit?: number;
  /** Most images to test with. All if not given. */
  testLimit?: number;
  /**
   * Images of the training part that choose C, and are never trained on.
   *
   * @default {a tenth of the training part, and 10,000 at most}
   */
  validation?: number;
  /**
   * Values of C to choose from.
   *
   * @default {[1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2], those of the authors' code}
   */
  c?: readonly number[];
  /**
   * Most GiB on the GPU for features of training images. More are refused, as an SVM needs all of them at
   * each step.
   *
   * @default {4}
   */
  memory?: number;
  /**
   * Seed of all choices of images.
   *
   * @default {1}
   */
  seed?: number;
}

/** How well a linear SVM classifies by the features of a discriminator. */
export interface SvmResult {
  /** The run folder. */
  readonly run: string;
  /** Step of the checkpoint. */
  readonly step: number;
  /** Name of the dataset. */
  readonly data: string;
  /** The dataset that the run was trained on, as its options name it. */
  readonly trainedOn: string;
  /** Name of the label. */
  readonly label: string;
  /** Number of its classes. */
  readonly classes: number;
  /** Numbers that describe an image. */
  readonly features: number;
  /** Images that were trained on. */
  readonly trained: number;
  /** Images that chose C. */
  readonly validation: number;
  /** Images that it was tested with. */
  readonly tested: number;
  /** Whether these are the dataset's own test part. */
  readonly hasTestPart: boolean;
  /**
   * Each C that was tried, and the share of the validation images that were classified right, if there was a
   * choice.
   */
  readonly tried: readonly TriedC[];
  /** The C that was chosen. */
  readonly c: number;
  /** Share of the test images that were classified right, for each draw. */
  readonly accuracies: readonly number[];
  /** Mean of the accuracies. */
  readonly accuracy: number;
  /** Their standard deviation over draws (with `draws - 1`); undefined for a single draw. */
  readonly deviation: number | undefined;
  /** Steps that training the final SVM took, of the first draw. */
  readonly iterations: number;
  /** Floating-point operations of all products of the experiment with features, and of describing images. */
  readonly flop: number;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Values of C that the authors' code for SVHN chooses from. */
const CANDIDATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2];

/** Most images that choose C if their number is not given, as in the paper's protocol for SVHN. */
const MOST_VALIDATION = 10_000;

/** Draws with images of each class if their number is not given. */
const DRAWS = 5;

/**
 * Classifies labeled images by the features that a run's discriminator has learned without labels: all of its
 * convolutions, max-pooled to 4x4, in a row, and a linear L2-SVM on top, whose C the validation images choose
 * (the paper, section 5).
 *
 * The paper's discriminator was trained on ImageNet, and on none of the images that are classified. Here it
 * is the run's: give another labeled dataset as `data` to do as the paper does.
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if an option is not allowed, or the dataset has no classes.
 * @throws {RangeError} if a class has too few images, or the features of the training images exceed `memory`.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { openDevice, svmExperiment, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", dataOptions: { length: 400 }, out }));
 * const result = await svmExperiment(device, out, { label: "glasses", perClass: 10, draws: 2 });
 * assertEquals([result.features, result.trained, result.tested], [192, 30, 80]);
 * assert(result.accuracy > 0 && result.accuracies.length === 2);
 * ```
 */
export async function svmExperiment(
  device: Device,
  run: string,
  options: SvmExperimentOptions = {},
): Promise<SvmResult> {
  checkOptions("svmExperiment", options, SVM_KINDS);
  checkTogether(options);
  const { perClass, c: candidates = CANDIDATES, memory = 4, seed = 1, report = () => {}, signal } = options;
  const { draws = perClass === undefined ? 1 : DRAWS } = options;
  const loaded = await loadDiscriminator(device, run, options.from ? { from: options.from } : {});
  using discriminator = loaded.discriminator;
  const { architecture, config, step } = loaded;
  await using parts = await openLabeledParts(run, config, architecture, options);
  const { training, test, classes: names } = parts;
  const features = new DiscriminatorFeatures(discriminator, architecture);
  const source = new FeatureSource(features, options);

  const values = [...new Set(candidates)].toSorted((a, b) => a - b);
  const { validation: most = Math.min(Math.floor(training.length / 10), MOST_VALIDATION) } = options;
  const order = shuffledNumbers(training.length, seed);
  const validation = order.subarray(0, values.length > 1 ? most : 0);
  const rest = order.subarray(validation.length);
  const chosen = Array.from(
    { length: draws },
    (_, draw) =>
      perClass === undefined
        ? rest.subarray(0, options.limit)
        : drawPerClass(rest, training.classes, { each: perClass, names, seed, draw }),
  );
  const trained = chosen[0]!.length;
  if (trained === 0 || values.length > 1 && validation.length === 0) {
    throw new RangeError(
      `Cannot run the experiment: the ${training.length} images of the training part must be enough to train on and to ` +
        `choose C, found ${trained} and ${validation.length}. Give another "validation", or a single C`,
    );
  }
  expectMemory(source, trained, memory);
  const tested = shuffledNumbers(test.length, seed).subarray(0, options.testLimit);

  const classes = names.length;
  const protocol = new SvmProtocol({ source, part: training, classes, draws: chosen, report, signal });
  const tried = values.length > 1 ? await protocol.tryOut(values, validation) : [];
  const { c } = tried.length > 0 ? bestOf(tried) : { c: values[0]! };
  const models = await protocol.trainAll(c);
  const mistakes = await source.mistakes(models, classes, test, tested, "test images");
  const accuracies = mistakes.map((one) => 1 - one / tested.length);
  const accuracy = accuracies.reduce((sum, value) => sum + value, 0) / draws;
  const squares = accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0);
  return {
    run,
    step,
    data: parts.data,
    trainedOn: config.data,
    label: parts.label,
    classes,
    features: source.dimensions,
    trained,
    validation: validation.length,
    tested: tested.length,
    hasTestPart: parts.hasTestPart,
    tried,
    c,
    accuracies,
    accuracy,
    deviation: draws > 1 ? Math.sqrt(squares / (draws - 1)) : undefined,
    iterations: models[0]!.iterations,
    flop: protocol.flop + (protocol.described + tested.length) * features.flop,
    warnings: [...loaded.warnings, ...protocol.warnings, ...edgeWarnings(tried, c)],
  };
}

/** What does not go together. */
function checkTogether({ perClass, draws = 1, limit }: SvmExperimentOptions): void {
  const issues: ConfigIssue[] = [];
  if (perClass === undefined && draws > 1) {
    issues.push({ option: "draws", problem: 'needs "perClass", as all draws of all images are the same' });
  }
  if (perClass !== undefined && limit !== undefined) {
    issues.push({ option: "limit", problem: 'cannot be combined with "perClass": give only one of them' });
  }
  if (issues.length > 0) throw new ConfigError("Cannot run the SVM experiment", issues);
}

/** The best of the values that were tried, and of equal ones the least. */
function bestOf(tried: readonly TriedC[]): TriedC {
  return tried.reduce((best, one) => one.accuracy > best.accuracy ? one : best);
}

/** Says if the choice ended at an end of the list. */
function edgeWarnings(tried: readonly TriedC[], c: number): string[] {
  const [first] = tried;
  if (!first) return [];
  if (tried.every(({ accuracy }) => accuracy === first.accuracy)) {
    return ["All values of C classify equally well: try others, and larger ones if that is badly"];
  }
  if (c === tried[0]!.c) {
    return [`The chosen C, ${c}, is the least that was tried: smaller values may do better`];
  }
  if (c !== tried.at(-1)!.c) return [];
  return [`The chosen C, ${c}, is the largest that was tried: larger values may do better`];
}

/** Refuses more training images than there is memory for, before any is read. */
function expectMemory(source: FeatureSource, trained: number, memory: number): void {
  const gibi = 2 ** 30;
  if (source.bytesOf(trained) <= memory * gibi) return;
  const fit = Math.floor(memory * gibi / source.bytesOf(1));
  throw new RangeError(
    `Cannot train on ${trained} images: their features must take at most ${memory} GiB on the GPU (memory), found ` +
      `${
        (source.bytesOf(trained) / gibi).toFixed(1)
      } GiB. Train on at most ${fit} images (limit), or allow more memory`,
  );
}
