import { type Device, normalizeImages, type Program, type Tensor } from "../../../gpu/mod.ts";
import type { Network } from "../../../nn/mod.ts";
import { lengthOf, sidesOf } from "../../../pictures/mod.ts";
import { ClassifierModule } from "../../scores/features/classifier_module.ts";
import {
  trainClassifier,
  type TrainClassifierOptions,
  type TrainingPictures,
} from "../../scores/features/train_classifier.ts";
import type { Rows } from "./least_squares.ts";

/** Pictures that are read at once. */
const CHUNK = 128;

/** Furthest log odds from 0: what is nearly sure is no further away than what is sure. */
const MOST_ODDS = 6;

/**
 * A small network that reads factors off pictures: it was trained on pictures of a dataset, whose labels are
 * known, and says what labels other pictures would have.
 */
export class FactorReader implements Disposable {
  #device: Device;
  #network: Network;
  #each: number;
  #classes: readonly (number | undefined)[];
  #program: Program<"pictures", { logits: Tensor[] }>;

  private constructor(device: Device, module: ClassifierModule, network: Network, data: TrainingPictures) {
    this.#device = device;
    this.#network = network;
    this.#each = lengthOf(data);
    this.#classes = data.labels.map(({ classes }) => classes);
    const { width, height } = sidesOf(data.size);
    const shape = [CHUNK, height, width, data.channels];
    this.#program = device.program({ pictures: { shape, dtype: "u8" } }, ({ pictures }) => {
      const context = { training: false };
      return { logits: module.logits(network.forward(normalizeImages(pictures), context), context) };
    });
  }

  /** Trains one on labeled pictures. The same pictures give the same one on the same adapter. */
  static async train(
    device: Device,
    data: TrainingPictures,
    options: TrainClassifierOptions,
  ): Promise<FactorReader> {
    const heads = data.labels.map(({ classes }) => classes ?? 1);
    const module = new ClassifierModule(data.size, data.channels, heads);
    using owned = new DisposableStack();
    const network = owned.use(await trainClassifier(device, module, data, options));
    const reader = new FactorReader(device, module, network, data);
    owned.move();
    return reader;
  }

  /**
   * What it reads off pictures: of a number, the number, in deviations of the dataset's; of a class, its log
   * odds against all others, at most 6 from 0.
   *
   * @param pictures `[count, height, width, channels]` as bytes.
   * @returns `[count, factors]`.
   */
  async read(pictures: Uint8Array): Promise<Rows> {
    const count = pictures.length / this.#each;
    const dimensions = this.#classes.reduce<number>((sum, classes) => sum + (classes ?? 1), 0);
    const data = new Float32Array(count * dimensions);
    const chunk = new Uint8Array(CHUNK * this.#each);
    for (let start = 0; start < count; start += CHUNK) {
      const here = Math.min(CHUNK, count - start);
      chunk.set(pictures.subarray(start * this.#each, (start + here) * this.#each));
      this.#program.run({ pictures: chunk });
      const heads = await this.#device.read(this.#program.outputs.logits) as Float32Array[];
      for (let row = 0; row < here; row++) {
        let at = (start + row) * dimensions;
        for (const [label, values] of heads.entries()) {
          const classes = this.#classes[label];
          const own = values.subarray(row * (classes ?? 1), (row + 1) * (classes ?? 1));
          data.set(classes === undefined ? own : logOdds(own), at);
          at += own.length;
        }
      }
    }
    return { data, count, dimensions };
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
    this.#network[Symbol.dispose]();
  }
}

/** `log(p / (1 - p))` of each class of a softmax. */
function logOdds(logits: Float32Array): Float32Array {
  return logits.map((logit, own) => {
    let others = 0;
    for (let other = 0; other < logits.length; other++) {
      if (other !== own) others += Math.exp(logits[other]! - logit);
    }
    return Math.max(-MOST_ODDS, Math.min(MOST_ODDS, -Math.log(others)));
  });
}
