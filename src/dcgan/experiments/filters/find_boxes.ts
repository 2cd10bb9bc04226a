import type { Device } from "../../../gpu/mod.ts";
import type { TrainConfig } from "../../options/config.ts";
import { ConfigError } from "../../options/config_issue.ts";
import { type ExperimentDataOptions, findRunData, type PictureNeeds } from "../data/run_data.ts";
import type { Box, SampleBoxes } from "./boxes.ts";
import type { DrawnSamples } from "./drawn_samples.ts";
import { locatedLabelsOf, Locator, type Thing } from "./locator.ts";

/** Options of what finds boxes. */
export interface FindBoxesOptions extends ExperimentDataOptions {
  /**
   * The label that says whether the thing is there. Without it, the first one whose boxes the dataset gives.
   */
  label?: string;
  /** The class of the label that says that it is not there. Without it, the first. */
  absent?: string;
  /**
   * Samples to find boxes in.
   *
   * @default {150}
   */
  samples?: number;
  /**
   * Seed of the latent vectors.
   *
   * @default {1}
   */
  seed?: number;
}

/** Fewest samples with boxes. */
const LEAST_BOXED = 3;

/**
 * Learns to find a thing in pictures of a run's dataset.
 *
 * @throws {ConfigError} if its labels do not say where things are, or not that of the label.
 */
export async function learnLocator(
  device: Device,
  run: string,
  config: TrainConfig,
  needs: PictureNeeds,
  options: FindBoxesOptions,
): Promise<Locator> {
  const data = await findRunData(run, config, needs, options);
  await using dataset = await data.open();
  const fail = (option: string, problem: string): never => {
    throw new ConfigError(`Cannot use dataset ${JSON.stringify(dataset.name)}`, [{ option, problem }]);
  };
  const located = locatedLabelsOf(dataset);
  const { label = located[0] } = options;
  if (label === undefined) {
    return fail("boxes", "must be given, as the dataset has no labels of where things are in its images");
  }
  if (!located.includes(label)) {
    const some = located.length === 0 ? "none has" : `only ${located.join(", ")} has`;
    return fail("label", `must have labels of its boxes beside it, found ${JSON.stringify(label)}: ${some}`);
  }
  const classes = dataset.labels[label]!.classes!;
  const { absent = classes[0]! } = options;
  if (!classes.includes(absent)) {
    return fail("absent", `must be one of ${classes.join(", ")}, found ${JSON.stringify(absent)}`);
  }
  const thing: Thing = { label, absent: classes.indexOf(absent) };
  return await Locator.learn(device, dataset, thing, options);
}

/**
 * Boxes of those samples in which the thing is seen.
 *
 * @throws {RangeError} if these are too few.
 */
export async function findBoxes(
  generator: DrawnSamples,
  locator: Locator,
  options: FindBoxesOptions,
): Promise<SampleBoxes> {
  const { samples = 150, seed = 1, report = () => {} } = options;
  report(`Looking for ${locator.thing.label} in ${samples} samples`);
  const boxes: { sample: number; box: Box }[] = [];
  let first = 0;
  for await (const bytes of generator.draw(seed, samples)) {
    const seen = await locator.look(bytes);
    for (const [at, isThere] of seen.isThere.entries()) {
      const box = seen.boxes[at]!;
      if (isThere && box[0] < box[2] && box[1] < box[3]) boxes.push({ sample: first + at, box });
    }
    first += seen.isThere.length;
  }
  if (boxes.length >= LEAST_BOXED) return { seed, boxes };
  throw new RangeError(
    `Cannot tell which maps make ${locator.thing.label}: at least ${LEAST_BOXED} samples must have it, found ` +
      `${boxes.length} of ${samples}. Draw more samples, or train longer`,
  );
}
