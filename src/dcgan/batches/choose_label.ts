import type { Labels, OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { classLabelsOf } from "../scores/features/labeled_pictures.ts";

/** A label of a dataset, and its classes. */
export interface ChosenLabel {
  /** Its name. */
  readonly name: string;
  /** The names of its classes, in the order of their numbers. */
  readonly classes: readonly string[];
}

/**
 * The label that a conditional run is told of each picture; undefined for other runs.
 *
 * @param conditional The option: the label's name, or true for the only one.
 * @throws {ConfigError} if there is no such label with 2 to 1,024 classes, or true may mean several.
 */
export function chooseLabel(
  dataset: OpenDataset,
  conditional: boolean | string = false,
): ChosenLabel | undefined {
  if (conditional === false) return undefined;
  const fail = (problem: string): never => {
    throw new ConfigError("Cannot train with these options", [{ option: "conditional", problem }]);
  };
  const names = classLabelsOf(dataset);
  const listed = names.map((name) => JSON.stringify(name)).join(", ");
  const [only] = names;
  if (only === undefined) {
    return fail(
      `needs images with a label of 2 to 1,024 classes, found none in dataset ${
        JSON.stringify(dataset.name)
      }: ` +
        "put pictures into a folder for each class",
    );
  }
  if (conditional === true && names.length > 1) {
    return fail(`must name one of the labels ${listed}, found true: ${dataset.name} has several`);
  }
  const name = conditional === true ? only : conditional;
  if (!names.includes(name)) {
    return fail(`must be one of the labels ${listed}, found ${JSON.stringify(name)}`);
  }
  return { name, classes: dataset.labels[name]!.classes! };
}

/** The label of a dataset that a config names, and its classes. */
type LabelConfig = Pick<TrainConfig, "conditional" | "classes">;

/**
 * The classes of all pictures of a dataset by the label of a conditional run.
 *
 * @throws {RangeError} if the dataset has no such label.
 */
export function labelOf({ name, labels }: OpenDataset, { conditional }: Partial<LabelConfig>): Labels {
  const label = labels[`${conditional}`];
  if (label) return label;
  throw new RangeError(
    `Cannot take classes from dataset ${JSON.stringify(name)}: it must have the label ` +
      `${JSON.stringify(conditional)}, found ${Object.keys(labels).join(", ") || "none"}`,
  );
}

/** Says which classes have no pictures: nothing is learned of them. */
export function classWarnings(dataset: OpenDataset, config: LabelConfig): string[] {
  const { classes } = config;
  if (!classes) return [];
  const label = labelOf(dataset, config);
  const missing = new Set(classes.keys());
  for (let index = 0; index < dataset.length && missing.size > 0; index++) missing.delete(label.at(index));
  const [first] = missing;
  if (first === undefined) return [];
  const more = missing.size === 1 ? "" : ` and of ${missing.size - 1} more`;
  const which = `${JSON.stringify(classes[first])}${more}`;
  return [`There are no images of class ${which}: samples of classes without images show nothing of use`];
}
