import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { generateBytes } from "../sampling/generate.ts";
import type { Trainer } from "../trainer.ts";
import type { FeatureNetwork } from "./features/feature_network.ts";
import { lengthOf } from "../../pictures/mod.ts";
import { countOf, type PictureSet } from "./pictures.ts";
import { prepareReference, readPictures, type Reference } from "./reference.ts";
import { sampleLabels } from "./sample_labels.ts";
import { LEAST_PICTURES, scoreSamples } from "./score_samples.ts";
import type { StepScores } from "./scores_file.ts";

/** Samples that are scored while a run trains. */
const SAMPLES = 1000;

/** Pictures of the data that they are compared with. */
const PICTURES = 2000;

/** Patches of each level: a quarter of what an evaluation takes. */
const PATCHES = 2 ** 12;

/** Bytes of either at most: large images are compared in smaller numbers, so that a score takes seconds. */
const MOST_BYTES = 2 ** 25;

/** Share of a run's time that scores may take. */
export const SHARE = 0.03;

/**
 * Steps that drawing the samples is taken to cost before it was measured, and seconds that comparing them is.
 */
const FIRST_COST = { steps: 5, seconds: 2 };

/** What a score of a run found. */
export interface FoundScores extends StepScores {
  /**
   * Root mean square change of the samples since the last score, in levels of 0 to 255; undefined at the
   * first.
   */
  readonly change: number | undefined;
}

/** Scores the samples of a run as it trains: always the same latent vectors, against the same pictures. */
export class RunScorer {
  readonly #config: TrainConfig;
  readonly #pictures: PictureSet;
  /** Classes of the samples of a conditional run. */
  readonly #labels: readonly number[] | undefined;
  readonly #network: FeatureNetwork | undefined;
  readonly #started: number = performance.now();
  #reference: Reference | undefined;
  #before: Uint8Array | undefined;
  #spent = 0;
  #last: number | undefined;

  private constructor(
    config: TrainConfig,
    pictures: PictureSet,
    labels: readonly number[] | undefined,
    network: FeatureNetwork | undefined,
  ) {
    this.#config = config;
    this.#labels = labels;
    this.#pictures = pictures;
    this.#network = network;
  }

  /** Reads pictures of the data. Undefined if there are too few to compare with. */
  static async open(
    config: TrainConfig,
    dataset: OpenDataset,
    network: FeatureNetwork | undefined,
    signal?: AbortSignal,
  ): Promise<RunScorer | undefined> {
    const each = dataset.shape.reduce((product, extent) => product * extent);
    const count = Math.min(PICTURES, Math.floor(MOST_BYTES / each));
    if (Math.min(count, dataset.length) < LEAST_PICTURES) return undefined;
    const pictures = await readPictures(dataset, count, signal);
    return new RunScorer(config, pictures, sampleLabels(dataset, config, SAMPLES), network);
  }

  /** The side of the data. */
  async #measured(signal: AbortSignal | undefined): Promise<Reference> {
    return this.#reference ??= await prepareReference(this.#pictures, this.#network, PATCHES, signal);
  }

  /**
   * Whether a score now keeps all of them within their share of the run's time.
   *
   * @param perStep Seconds of a step.
   * @param stepsDone Steps that this process has done.
   * @param stepsLeft Steps that are left.
   */
  isAffordable(perStep: number, stepsDone: number, stepsLeft: number): boolean {
    const cost = this.#last ?? FIRST_COST.steps * perStep + FIRST_COST.seconds;
    const elapsed = (performance.now() - this.#started) / 1000;
    // Not more than its share of the whole run, nor much more than that of what has passed of it
    const whole = elapsed + perStep * stepsLeft;
    // The last step will be scored as well
    const atEnd = this.#spent + 2 * cost;
    return stepsDone > 0 && atEnd <= SHARE * whole && this.#spent + cost <= 2 * SHARE * elapsed;
  }

  /**
   * Draws samples and scores them.
   *
   * @param signal Ends it once it aborts, with the signal's reason.
   */
  async score(trainer: Trainer, signal: AbortSignal | undefined): Promise<FoundScores> {
    const started = performance.now();
    const { seed, latent, latentDistribution, size, channels } = this.#config;
    const count = Math.min(SAMPLES, Math.floor(MOST_BYTES / lengthOf({ size, channels })));
    const drawn = { count, seed, latent, latentDistribution, labels: this.#labels, size, signal };
    const bytes = await generateBytes(trainer.sampled, drawn);
    const samples: PictureSet = { bytes, size, channels };
    const scores = await scoreSamples(await this.#measured(signal), samples, signal);
    const change = this.#before && rootMeanSquareChange(this.#before, bytes);
    this.#before = bytes;
    this.#last = (performance.now() - started) / 1000;
    this.#spent += this.#last;
    return { step: trainer.steps, samples: count, pictures: countOf(this.#pictures), scores, change };
  }
}

function rootMeanSquareChange(before: Uint8Array, after: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < after.length; at++) sum += (after[at]! - before[at]!) ** 2;
  return Math.sqrt(sum / after.length);
}
