import type { DatasetProgress } from "../../../../plugins/datasets/mod.ts";
import type { LabeledPart } from "../data/labeled_parts.ts";
import type { DiscriminatorFeatures } from "../networks/discriminator_features.ts";
import type { LinearModel } from "./linear_svm.ts";
import { ExamplesOnGpu } from "./products.ts";

/** Pictures that are described at once. */
const CHUNK = 256;

/** Bytes of a number on the GPU. */
const BYTES = 4;

/** Weights that are multiplied with at once: 64 MiB on the GPU. */
const MOST_WEIGHTS = 2 ** 24;

/** Features of labeled pictures, and who hears of their progress. */
export class FeatureSource {
  /** Numbers of each picture. */
  readonly dimensions: number;
  #features: DiscriminatorFeatures;
  #progress: (progress: DatasetProgress) => void;
  #signal: AbortSignal | undefined;

  /** Of a discriminator. */
  constructor(
    features: DiscriminatorFeatures,
    { progress = () => {}, signal }: {
      progress?: ((progress: DatasetProgress) => void) | undefined;
      signal?: AbortSignal | undefined;
    },
  ) {
    this.dimensions = features.dimensions;
    this.#features = features;
    this.#progress = progress;
    this.#signal = signal;
  }

  /** Bytes that the features of so many pictures take on the GPU. */
  bytesOf(pictures: number): number {
    return pictures * this.dimensions * BYTES;
  }

  /** The features of some pictures, all on the GPU. The caller disposes them. */
  async examples(part: LabeledPart, numbers: Uint32Array): Promise<ExamplesOnGpu> {
    using owned = new DisposableStack();
    const chunks = [];
    for await (const { features } of this.#chunks(part, numbers, "features of training images")) {
      chunks.push(owned.use(features));
    }
    const examples = new ExamplesOnGpu(chunks);
    owned.move();
    return examples;
  }

  /**
   * How many of some pictures each model takes for another class. Only a chunk of features is held at once.
   */
  async mistakes(
    models: readonly LinearModel[],
    classes: number,
    part: LabeledPart,
    numbers: Uint32Array,
    what: string,
  ): Promise<number[]> {
    const most = Math.max(1, Math.floor(MOST_WEIGHTS / (classes * this.dimensions)));
    const wrong = models.map(() => 0);
    for await (const { features, first } of this.#chunks(part, numbers, what)) {
      using chunk = new ExamplesOnGpu([features]);
      for (let start = 0; start < models.length; start += most) {
        const some = models.slice(start, start + most);
        const columns = some.length * classes;
        const weights = new Float64Array(columns * this.dimensions);
        for (const [at, model] of some.entries()) weights.set(model.weights, at * classes * this.dimensions);
        const scores = await chunk.times(weights, columns);
        for (let row = 0; row < chunk.rows; row++) {
          const expected = part.classes[numbers[first + row]!];
          for (const [at, { biases }] of some.entries()) {
            const from = row * columns + at * classes;
            if (bestOf(scores.subarray(from, from + classes), biases) !== expected) wrong[start + at]!++;
          }
        }
      }
    }
    return wrong;
  }

  async *#chunks(part: LabeledPart, numbers: Uint32Array, what: string) {
    for (let first = 0; first < numbers.length; first += CHUNK) {
      this.#signal?.throwIfAborted();
      const pictures = await part.read(numbers.subarray(first, first + CHUNK), this.#signal);
      const features = this.#features.describe(pictures);
      await features.device.throttle();
      yield { first, features };
      const done = Math.min(first + CHUNK, numbers.length);
      this.#progress({ what, done, total: numbers.length, unit: "images" });
    }
  }
}

/** The class with the largest score; the first of several. */
function bestOf(scores: Float32Array, biases: Float64Array): number {
  let best = 0;
  for (let k = 1; k < biases.length; k++) {
    if (scores[k]! + biases[k]! > scores[best]! + biases[best]!) best = k;
  }
  return best;
}
