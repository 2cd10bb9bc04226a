import type { DatasetProgress } from "../../../../plugins/datasets/mod.ts";
import { type Device, normalizeImages, permuted, type Tensor } from "../../../gpu/mod.ts";
import { Adam, crossEntropy, mse, Network } from "../../../nn/mod.ts";
import { lengthOf, sidesOf } from "../../../pictures/mod.ts";
import type { ClassifierModule } from "./classifier_module.ts";
import type { ClassLabel, LabeledPictures, NumberLabel } from "./labeled_pictures.ts";

/** Pictures of a step. */
const BATCH = 64;

/** Passes over the pictures. */
const EPOCHS = 4;

/** Fewest steps, for small sets. */
const LEAST_STEPS = 200;

/** Adam's learning rate at the start; it falls to 0 in a line. */
const LEARNING_RATE = 1e-3;

/** Steps between changes of the learning rate. */
const RATE_EVERY = 32;

/** Share of the pictures that it does not learn from, by which its accuracy is measured. */
const HELD_OUT = 0.1;

/** Counts as a version: a change of anything here makes other networks of the same pictures. */
export const RECIPE = JSON.stringify([2, BATCH, EPOCHS, LEAST_STEPS, LEARNING_RATE, HELD_OUT]);

/** Pictures, from the first on, that a classifier learns from; it is tested with the rest. */
export function learnedCount({ count }: Pick<LabeledPictures, "count">): number {
  return count - Math.max(1, Math.floor(count * HELD_OUT));
}

/** Options of {@linkcode trainClassifier}. */
export interface TrainClassifierOptions {
  /** Is told how far it has come. Without it nobody is. */
  readonly progress?: ((progress: DatasetProgress) => void) | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** Pictures with classes, or with numbers. */
export interface TrainingPictures extends Omit<LabeledPictures, "labels" | "key"> {
  /** Their labels. */
  readonly labels: readonly (ClassLabel | NumberLabel)[];
}

/**
 * Trains a classifier on pictures with classes: the sum over labels of the cross entropy, by Adam, four
 * passes. For a label that is a number, whose head has one output, it is the mean squared error. The same
 * pictures give the same weights on the same adapter.
 *
 * @returns The network; the caller disposes it.
 */
export async function trainClassifier(
  device: Device,
  module: ClassifierModule,
  data: TrainingPictures,
  { progress = () => {}, signal }: TrainClassifierOptions = {},
): Promise<Network> {
  const { pictures, channels, labels } = data;
  const { width, height } = sidesOf(data.size);
  const learned = learnedCount(data);
  const steps = Math.max(LEAST_STEPS, Math.ceil(EPOCHS * learned / BATCH));
  using owned = new DisposableStack();
  const network = owned.use(new Network(device, module, { seed: 1 }));
  using adam = new Adam(network, { learningRate: LEARNING_RATE });
  const inputs = {
    pictures: { shape: [BATCH, height, width, channels], dtype: "u8" },
    ...Object.fromEntries(
      labels.map(({ name, classes }) => [
        `label ${name}`,
        classes === undefined
          ? { shape: [BATCH, 1], dtype: "f32" } as const
          : { shape: [BATCH], dtype: "u32" } as const,
      ]),
    ),
  } as const;
  using step = device.program(inputs, (given: Record<string, Tensor>) => {
    const features = network.forward(normalizeImages(given.pictures!));
    const logits = module.logits(features, { training: true });
    network.backward(logits.map((one, i) => {
      const { name, classes } = labels[i]!;
      const values = given[`label ${name}`]!;
      return classes === undefined ? mse(one, values) : crossEntropy(one, values);
    }));
    adam.step();
    return {};
  });
  const each = lengthOf(data);
  const batch = new Uint8Array(BATCH * each);
  const tell = (done: number): void =>
    progress({ what: "training the classifier", done: done * BATCH, total: steps * BATCH, unit: "images" });
  for (let done = 0; done < steps; done++) {
    signal?.throwIfAborted();
    const rows = Array.from({ length: BATCH }, (_, at) => {
      const place = done * BATCH + at;
      return permuted(place % learned, learned, { seed: 1, epoch: Math.floor(place / learned) });
    });
    for (const [at, row] of rows.entries()) {
      batch.set(pictures.subarray(row * each, (row + 1) * each), at * each);
    }
    step.run({
      pictures: batch,
      ...Object.fromEntries(
        labels.map(({ name, values }) => [`label ${name}`, rows.map((row) => values[row]!)]),
      ),
    });
    if (done % RATE_EVERY === RATE_EVERY - 1) adam.setLearningRate(LEARNING_RATE * (1 - done / steps));
    const full = device.throttle();
    if (!full) continue;
    await full;
    tell(done + 1);
  }
  tell(steps);
  owned.move();
  return network;
}
