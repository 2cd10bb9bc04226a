import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";

/** Adds the flags that say where the dataset of a run is. */
export function dataFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .addOption(
      new Option("--data <name or path>", "the run's dataset, if it is a plugin or has moved").helpGroup(
        "Data:",
      ),
    )
    .addOption(
      new Option("--data-root <path>", "folder or file of the dataset's data, if it has moved")
        .helpGroup("Data:"),
    );
}
