import type { Device } from "../../../gpu/mod.ts";
import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import type { TrainingPictures } from "../../scores/features/train_classifier.ts";
import type { RunDataOptions } from "../run_data.ts";
import { type Factor, factorLabelsOf, factorsOf, halfOf, readFactorPictures } from "./factors.ts";
import { FactorReader } from "./factor_reader.ts";
import type { FactorReadings } from "./factor_directions.ts";
import type { Rows } from "./least_squares.ts";

/** Pictures that both networks learn from together. */
const PICTURES = 10_000;

/** Two networks that read factors off pictures, each trained on half of some pictures of a dataset. */
export interface FactorReaders extends Disposable {
  /** The networks. */
  readonly readers: readonly [FactorReader, FactorReader];
  /** What they read, in this order. */
  readonly factors: readonly Factor[];
  /** What each reads off the half that the other learned from, and what the labels say. */
  readonly real: FactorReadings["real"];
}

/**
 * The labels of a dataset that are asked for, or all that can be read.
 *
 * @throws {RangeError} if there is none of a name, or none at all.
 */
export function chooseLabels(
  dataset: Pick<OpenDataset, "labels">,
  wanted: readonly string[] | undefined,
  run: string,
): string[] {
  const known = factorLabelsOf(dataset);
  if (known.length === 0) {
    throw new RangeError(
      `Cannot read labels off samples of ${run}: its dataset must have labels that are numbers or have 2 to 100 ` +
        "classes, found none. Directions of weights and of pictures, and samples by their numbers, need no labels",
    );
  }
  for (const name of wanted ?? []) {
    if (known.includes(name)) continue;
    throw new RangeError(
      `Cannot read labels off samples of ${run}: each must be one of ${known.join(", ")}, found "${name}"`,
    );
  }
  return [...wanted ?? known];
}

/** Trains two networks to read labels off pictures. */
export async function trainFactorReaders(
  device: Device,
  dataset: OpenDataset,
  names: readonly string[],
  { report = () => {}, progress, signal }: RunDataOptions,
): Promise<FactorReaders> {
  const data = await readFactorPictures(dataset, names, PICTURES, signal);
  report(`Training two small networks to read ${names.join(", ")} off ${data.count} labeled images`);
  const halves = [halfOf(data, 0), halfOf(data, 1)] as const;
  using owned = new DisposableStack();
  const trainOne = async (half: 0 | 1) =>
    owned.use(await FactorReader.train(device, halves[half], { progress, signal }));
  const readers = [await trainOne(0), await trainOne(1)] as const;
  const real = [];
  for (const half of [0, 1] as const) {
    const unseen = halves[1 - half]!;
    real.push({ read: await readers[half].read(unseen.pictures), labels: labelRows(unseen) });
  }
  const kept = owned.move();
  const factors = factorsOf(dataset.labels!, names);
  return { readers, factors, real, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

/** `[count, factors]`: numbers as they are, and 1 in the column of a picture's class. */
function labelRows({ labels, count }: TrainingPictures): Rows {
  const dimensions = labels.reduce((sum, { classes }) => sum + (classes ?? 1), 0);
  const data = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    let at = row * dimensions;
    for (const { classes, values } of labels) {
      if (classes === undefined) data[at] = values[row]!;
      else data[at + values[row]!] = 1;
      at += classes ?? 1;
    }
  }
  return { data, count, dimensions };
}
