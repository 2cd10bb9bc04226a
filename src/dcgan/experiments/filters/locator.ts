import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import type { Device } from "../../../gpu/mod.ts";
import type { Classifier } from "../../scores/features/classifier.ts";
import { classLabelsOf, type LabeledPictures, readLabeled } from "../../scores/features/labeled_pictures.ts";
import { openClassifier } from "../../scores/features/open_classifier.ts";
import { boxLabelsOf } from "../../explore/directions/box_labels.ts";
import { chosenPlaces } from "../../scores/reference.ts";
import type { ExperimentDataOptions } from "../data/run_data.ts";
import { leastSquares, type LinearFunction, scoreOf } from "../solvers/regressions.ts";
import { type Box, overlap } from "./boxes.ts";

/** Share of the pictures that boxes are not learned from, to measure how well they fit. */
const HELD_OUT = 0.2;

/** Pictures that boxes are learned from at most. */
const MOST = 5000;

/** What is in a picture of a sample. */
export interface Seen {
  /** Class of each label. */
  readonly classes: readonly Uint32Array[];
  /** Whether the thing is there, for each picture. */
  readonly isThere: readonly boolean[];
  /** The box that it is in, or would be in, for each picture. */
  readonly boxes: readonly Box[];
}

/** What to look for. */
export interface Thing {
  /** Name of the label that says whether it is there. */
  readonly label: string;
  /** Number of the class that says that it is not. */
  readonly absent: number;
}

/** Labels of a dataset that say what is in a picture and where. */
export function locatedLabelsOf(dataset: OpenDataset): string[] {
  return classLabelsOf(dataset).filter((label) => boxLabelsOf(dataset, label));
}

/**
 * Finds things in pictures: a classifier of the dataset's labels says whether one is there, and linear
 * functions of the classifier's features, fitted to the boxes of the dataset's pictures by least squares, say
 * where.
 */
export class Locator implements Disposable {
  /** Labels that the classifier predicts. */
  readonly labels: readonly string[];
  /**
   * Share of pictures that it did not learn from in which the classifier finds the right class of the thing.
   */
  readonly accuracy: number;
  /** Mean overlap (intersection over union) of boxes with those of pictures that it did not learn from. */
  readonly overlap: number;
  #classifier: Classifier;
  /** What it looks for. */
  readonly thing: Thing;
  #sides: readonly LinearFunction[];

  private constructor(
    classifier: Classifier,
    thing: Thing,
    sides: readonly LinearFunction[],
    measured: { readonly accuracy: number; readonly overlap: number },
  ) {
    this.#classifier = classifier;
    this.thing = thing;
    this.#sides = sides;
    this.labels = classifier.labels.map(({ name }) => name);
    this.accuracy = measured.accuracy;
    this.overlap = measured.overlap;
  }

  /**
   * Learns where things are in the pictures of a dataset that has labels of their boxes.
   *
   * @throws {RangeError} if too few pictures have the thing.
   */
  static async learn(
    device: Device,
    dataset: OpenDataset,
    thing: Thing,
    { report = () => {}, progress, signal }: ExperimentDataOptions,
  ): Promise<Locator> {
    const labeled = await readLabeled(dataset, signal);
    using owned = new DisposableStack();
    const classifier = owned.use(await openClassifier(device, labeled, { report, progress, signal }));
    const { values } = labeled.labels.find(({ name }) => name === thing.label)!;
    const places = chosenPlaces(dataset, labeled.count);
    const numbers = [...values.keys()].filter((i) => values[i] !== thing.absent).slice(0, MOST);
    const held = Math.floor(numbers.length * HELD_OUT);
    if (held < 1) {
      throw new RangeError(
        `Cannot learn where ${thing.label} is: at least 5 images must have it, found ${numbers.length} of ${labeled.count}`,
      );
    }
    const { features } = await classifier.describe(picturesOf(labeled, numbers));
    const learned = numbers.length - held;
    const { data: all, dimensions } = features;
    const rows = {
      data: (all as Float32Array).subarray(0, learned * dimensions),
      count: learned,
      dimensions,
    };
    const sides = boxLabelsOf(dataset, thing.label)!;
    const boxes = numbers.map((i) => sides.map((side) => side.at(places[i]!)) as unknown as Box);
    const functions = [0, 1, 2, 3].map((side) =>
      leastSquares(rows, boxes.slice(0, learned).map((box) => box[side]!))
    );
    const test = { data: all as Float32Array, count: numbers.length, dimensions };
    let shared = 0;
    for (let i = learned; i < numbers.length; i++) {
      shared += overlap(boxAt(functions, test, i), boxes[i]!) / held;
    }
    const { accuracy = NaN } = classifier.labels.find(({ name }) => name === thing.label)!;
    owned.move();
    return new Locator(classifier, thing, functions, { accuracy, overlap: shared });
  }

  /** What is in pictures `[count, height, width, channels]`. */
  async look(pictures: Uint8Array): Promise<Seen> {
    const { features, classes } = await this.#classifier.describe(pictures);
    const own = classes[this.labels.indexOf(this.thing.label)]!;
    const rows = { ...features, data: features.data as Float32Array };
    return {
      classes,
      isThere: Array.from(own, (one) => one !== this.thing.absent),
      boxes: Array.from(own, (_, row) => boxAt(this.#sides, rows, row)),
    };
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#classifier[Symbol.dispose]();
  }
}

function boxAt(
  sides: readonly LinearFunction[],
  rows: Parameters<typeof scoreOf>[1],
  row: number,
): Box {
  return sides.map((side) => Math.min(1, Math.max(0, scoreOf(side, rows, row)))) as unknown as Box;
}

function picturesOf({ pictures, count }: LabeledPictures, numbers: readonly number[]): Uint8Array {
  const each = pictures.length / count;
  const chosen = new Uint8Array(numbers.length * each);
  for (const [at, number] of numbers.entries()) {
    chosen.set(pictures.subarray(number * each, (number + 1) * each), at * each);
  }
  return chosen;
}
