import { type Device, normalizeImages, type Program, type Tensor } from "../../../gpu/mod.ts";
import { type ImageSize, sidesOf } from "../../../pictures/mod.ts";
import type { Network } from "../../../nn/mod.ts";
import { type ClassifierModule, FEATURES } from "./classifier_module.ts";
import type { Described, FeatureNetwork, PredictedLabel } from "./feature_network.ts";

/** Pictures that are described at once. */
const CHUNK = 128;

/** What a classifier is made of. */
export interface ClassifierParts {
  /** Its layers. */
  readonly module: ClassifierModule;
  /** Their weights. It is disposed with the classifier. */
  readonly network: Network;
  /** Width and height of its pictures. */
  readonly size: ImageSize;
  /** Channels of its pictures. */
  readonly channels: number;
}

/** A trained image classifier, whose last hidden layer describes pictures. */
export class Classifier implements FeatureNetwork, Disposable {
  /** What it is. */
  readonly name: string;
  /** Numbers for each picture. */
  readonly dimensions = FEATURES;
  #labels: readonly PredictedLabel[];
  #device: Device;
  #network: Network;
  #each: number;
  #program: Program<"pictures", { features: Tensor; logits: Tensor[] }>;

  /** With the labels that its heads predict. */
  constructor(
    device: Device,
    name: string,
    labels: readonly PredictedLabel[],
    { module, network, size, channels }: ClassifierParts,
  ) {
    this.name = name;
    this.#labels = labels;
    this.#device = device;
    this.#network = network;
    const { width, height } = sidesOf(size);
    this.#each = width * height * channels;
    const shape = [CHUNK, height, width, channels];
    this.#program = device.program({ pictures: { shape, dtype: "u8" } }, ({ pictures }) => {
      const features = network.forward(normalizeImages(pictures), { training: false });
      return { features, logits: module.logits(features, { training: false }) };
    });
  }

  /** What it predicts. */
  get labels(): readonly PredictedLabel[] {
    return this.#labels;
  }

  /**
   * Measures its accuracy.
   *
   * @param values The class of each picture, for each label.
   */
  async test(pictures: Uint8Array, values: readonly Uint32Array[]): Promise<void> {
    const { classes } = await this.describe(pictures);
    this.#labels = this.#labels.map((label, i) => {
      const [found, expected] = [classes[i]!, values[i]!];
      const right = found.reduce((count, one, row) => count + (one === expected[row] ? 1 : 0), 0);
      return { ...label, accuracy: right / found.length };
    });
  }

  /**
   * Features and classes of pictures.
   *
   * @throws {RangeError} if the bytes are not those of whole pictures.
   */
  async describe(pictures: Uint8Array): Promise<Described> {
    const count = pictures.length / this.#each;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `Cannot describe images: their bytes must be a multiple of ${this.#each}, found ${pictures.length}`,
      );
    }
    const data = new Float32Array(count * FEATURES);
    const classes = this.#labels.map(() => new Uint32Array(count));
    const chunk = new Uint8Array(CHUNK * this.#each);
    for (let start = 0; start < count; start += CHUNK) {
      const here = Math.min(CHUNK, count - start);
      chunk.set(pictures.subarray(start * this.#each, (start + here) * this.#each));
      this.#program.run({ pictures: chunk });
      const { features, logits } = this.#program.outputs;
      const [rows, ...scores] = await this.#device.read([features, ...logits]);
      data.set((rows as Float32Array).subarray(0, here * FEATURES), start * FEATURES);
      for (const [label, values] of scores.entries()) {
        const width = this.#labels[label]!.classes;
        for (let row = 0; row < here; row++) {
          classes[label]![start + row] = largestOf(
            (values as Float32Array).subarray(row * width, (row + 1) * width),
          );
        }
      }
    }
    return { features: { data, count, dimensions: FEATURES }, classes };
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
    this.#network[Symbol.dispose]();
  }
}

/** The place of the largest number. */
function largestOf(values: Float32Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
