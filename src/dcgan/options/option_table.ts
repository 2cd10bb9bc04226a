/**
 * The one table of a training run's options, from which checks, defaults, help and the command line's flags
 * are all made. It has a file for each group.
 *
 * @module
 */
import type { OptionTable, OverridableOption } from "./option_marks.ts";
import type { OptionName } from "./options.ts";
import { augmentationOptions } from "./table/augmentation_options.ts";
import { dataOptions } from "./table/data_options.ts";
import { networkOptions } from "./table/network_options.ts";
import { regularizationOptions } from "./table/regularization_options.ts";
import { optimizerOptions } from "./table/optimizer_options.ts";
import { trainingOptions } from "./table/training_options.ts";
import { updateOptions } from "./table/update_options.ts";
import { runFolderOptions } from "./table/run_folder_options.ts";

/** What is allowed, shown and taken by default, for every option, and what becomes of it. */
export const optionTable: OptionTable = {
  ...dataOptions,
  ...networkOptions,
  ...trainingOptions,
  ...regularizationOptions,
  ...optimizerOptions,
  ...updateOptions,
  ...augmentationOptions,
  ...runFolderOptions,
};

/** Names of all options, in the order of the table. */
export const optionNames: readonly OptionName[] = Object.keys(optionTable) as OptionName[];

/** Options that a run may change with `override` when it is resumed. */
export const overridableOptions: readonly OverridableOption[] = optionNames.filter((name) =>
  optionTable[name].overridable === true
) as OverridableOption[];

/** Whether an option says how to start a run, so that its config does not keep it. */
export function isPassing(name: string): boolean {
  return Object.hasOwn(optionTable, name) && optionTable[name as OptionName].passing === true;
}

/** Whether a run may change an option when it is resumed. */
export function isResumable(name: string): boolean {
  return Object.hasOwn(optionTable, name) && optionTable[name as OptionName].resumable === true;
}
