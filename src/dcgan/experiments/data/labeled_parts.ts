import type { Labels, OpenDataset } from "../../../../plugins/datasets/mod.ts";
import { permuted } from "../../../gpu/mod.ts";
import { ConfigError } from "../../options/config_issue.ts";
import type { TrainConfig } from "../../options/config.ts";
import { classLabelsOf } from "../../scores/features/labeled_pictures.ts";
import { type ExperimentDataOptions, findRunData, type PictureNeeds } from "./run_data.ts";

/** Options that say where the labeled pictures of an experiment come from. */
export interface LabeledDataOptions extends ExperimentDataOptions {
  /**
   * Name of the label whose classes are used. Without it, the run's own, or the dataset's first that has
   * classes.
   */
  label?: string;
}

/** Some pictures of a dataset, with their classes. */
export class LabeledPart {
  /** Classes of the pictures, by their numbers, in the order of the part. */
  readonly classes: Uint16Array;
  #dataset: OpenDataset;
  #places: Uint32Array;

  /** The pictures at these places of a dataset. */
  constructor(dataset: OpenDataset, places: Uint32Array, label: Labels) {
    this.#dataset = dataset;
    this.#places = places;
    this.classes = Uint16Array.from(places, (place) => label.at(place));
  }

  /** How many pictures. */
  get length(): number {
    return this.#places.length;
  }

  /** Reads pictures by their numbers in the part: `[count, height, width, channels]`. */
  async read(numbers: ArrayLike<number>, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const each = this.#dataset.shape.reduce((product, extent) => product * extent);
    const bytes = new Uint8Array(numbers.length * each);
    await this.#dataset.read(Uint32Array.from(numbers, (number) => this.#places[number]!), bytes, signal);
    return bytes;
  }
}

/** A dataset with classes in two parts. */
export interface LabeledParts extends AsyncDisposable {
  /** Name of the dataset. */
  readonly data: string;
  /** Name of the label. */
  readonly label: string;
  /** Names of its classes. */
  readonly classes: readonly string[];
  /** Pictures to learn from. */
  readonly training: LabeledPart;
  /** Pictures to test with. */
  readonly test: LabeledPart;
  /** Whether the test pictures are the dataset's own; otherwise they were held out of its pictures. */
  readonly hasTestPart: boolean;
}

/** Share of the pictures that are held out to test with if a dataset has no part for that. */
const HELD_OUT = 0.2;

/** Options that name a part of a dataset. */
const PART_OPTIONS = ["split", "within"];

/**
 * Opens labeled pictures in the shape that a network takes. If an option of the dataset, `split` or `within`,
 * says "train", the test pictures are those of its "test". Otherwise a fifth of the pictures is held out, the
 * same for every run.
 *
 * @throws {ConfigError} if the dataset has no such label, or no label with classes.
 * @throws {DatasetError} if it cannot be opened.
 */
export async function openLabeledParts(
  run: string,
  config: TrainConfig,
  needs: PictureNeeds,
  options: LabeledDataOptions,
): Promise<LabeledParts> {
  const { isOwn, plugin, options: given, open } = await findRunData(run, config, needs, options);
  const part = PART_OPTIONS.find((name) => (given[name] ?? plugin.options?.[name]?.default) === "train");
  await using opened = new AsyncDisposableStack();
  const dataset = opened.use(await open());
  const name = labelNameOf(dataset, options.label, isOwn ? config.conditional : undefined);
  const label = dataset.labels[name]!;
  const tested = part === undefined ? dataset : opened.use(await open({ [part]: "test" }));
  const testLabel = tested.labels[name];
  if (JSON.stringify(testLabel?.classes) !== JSON.stringify(label.classes)) {
    const problem = `must have the classes of the training part in the test part, found other ones`;
    throw new ConfigError(`Cannot use dataset ${JSON.stringify(dataset.name)}`, [{
      option: "label",
      problem,
    }]);
  }
  const kept = part === undefined ? Math.ceil(dataset.length * (1 - HELD_OUT)) : dataset.length;
  const shuffled = part === undefined
    ? Uint32Array.from(
      { length: dataset.length },
      (_, place) => permuted(place, dataset.length, { seed: 0, epoch: 1 }),
    )
    : undefined;
  const training = new LabeledPart(dataset, shuffled?.subarray(0, kept) ?? placesUpTo(kept), label);
  const test = new LabeledPart(tested, shuffled?.subarray(kept) ?? placesUpTo(tested.length), testLabel!);
  const all = opened.move();
  return {
    data: dataset.name,
    label: name,
    classes: label.classes!,
    training,
    test,
    hasTestPart: part !== undefined,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function placesUpTo(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, place) => place);
}

/** The label that is asked for; else that of a conditional run; else the first one with classes. */
function labelNameOf(
  dataset: OpenDataset,
  wanted: string | undefined,
  conditional: boolean | string | undefined,
): string {
  const names = classLabelsOf(dataset);
  const fail = (problem: string): never => {
    throw new ConfigError(`Cannot use dataset ${JSON.stringify(dataset.name)}`, [{
      option: "label",
      problem,
    }]);
  };
  const listed = names.map((name) => JSON.stringify(name)).join(", ");
  const [first] = names;
  if (first === undefined) {
    return fail(
      "needs images with a label of 2 to 1,024 classes, found none: put pictures into a folder for each class",
    );
  }
  if (wanted !== undefined && !names.includes(wanted)) {
    return fail(`must be one of the labels ${listed}, found ${JSON.stringify(wanted)}`);
  }
  return wanted ?? (typeof conditional === "string" ? conditional : first);
}
