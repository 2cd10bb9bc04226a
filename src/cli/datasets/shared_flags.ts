/** What the commands about one dataset share. */
import type { Command } from "@commander-js/extra-typings";
import type { OpenDataset, OpenDatasetOptions } from "../../../plugins/datasets/mod.ts";
import type { OptionName } from "../../dcgan/options/options.ts";
import { addDatasetFlags, type ChosenDataset, takeDatasetOptions } from "../arguments/dataset_flags.ts";
import { addFlags } from "../arguments/flags.ts";
import { Interrupt, INTERRUPT_EXIT_CODE } from "../terminal/interrupt.ts";
import { checkDataRoot, checkOutFolder, checkSamplesOut } from "../arguments/check_paths.ts";
import type { Session } from "../session.ts";
import { DatasetProgressLine } from "./progress_line.ts";

/** Flags that say where the data is and how to get it. */
export const accessFlags: readonly OptionName[] = ["dataRoot", "mirror", "offline", "dataTimeout"];

/** Adds a command about one dataset, with the dataset's options as flags. */
export async function addDatasetCommand(
  group: Command,
  name: string,
  description: string,
  dataset: ChosenDataset | undefined,
  more: readonly OptionName[] = [],
): Promise<Command<[string]>> {
  const command = group.command(name).description(description).argument(
    "<name>",
    "built-in dataset, path of data, or plugin",
  );
  addFlags(command as unknown as Command, [...more, ...accessFlags]);
  if (dataset) await addDatasetFlags(command as unknown as Command, dataset);
  return command;
}

/** How to open a dataset, as the flags say, and who receives its messages. */
export async function openOptions(
  parsed: Readonly<Record<string, unknown>>,
  { plugin }: ChosenDataset,
): Promise<Omit<OpenDatasetOptions, "size">> {
  const { dataOptions, rest } = takeDatasetOptions(parsed, plugin);
  const { dataRoot, mirror, offline, dataTimeout, channels } = rest as {
    dataRoot?: string;
    mirror?: string;
    offline?: boolean;
    dataTimeout?: number;
    channels?: 1 | 3;
  };
  await checkDataRoot(dataRoot);
  return {
    options: dataOptions,
    ...(dataRoot === undefined ? {} : { data: dataRoot }),
    ...(mirror === undefined ? {} : { mirrors: [mirror] }),
    ...(offline === undefined ? {} : { offline }),
    ...(dataTimeout === undefined ? {} : { timeLimit: dataTimeout }),
    ...(channels === undefined ? {} : { channels }),
  };
}

/** The flag that lets a command replace a file, as arguments of `option()`. */
export const overwriteFlag = ["--overwrite", "replace existing files"] as const;

/**
 * Refuses to replace a file, before any image is read.
 *
 * @param overwrite Whether an existing file may be replaced.
 * @throws {UsageError} If the file exists and may not be replaced, or its folder is missing.
 */
export async function checkNewFile(out: string, overwrite: boolean): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "read", path: out });
  // Without permission to read, only writing can find out
  await (state === "granted" ? checkSamplesOut(out, "file", overwrite) : checkOutFolder(out));
}

/** Receives the messages and progress of a command about a dataset, and stops it at Ctrl-C. */
export type Watch = Required<Pick<OpenDatasetOptions, "report" | "progress" | "signal">>;

/**
 * Runs something that may take its time: progress is shown, and Ctrl-C ends it.
 *
 * @param remains What Ctrl-C leaves of the work, if that is not obvious.
 */
export async function watching(
  session: Session,
  work: (watch: Watch) => Promise<void>,
  remains = "",
): Promise<void> {
  const line = new DatasetProgressLine(session.terminal);
  using interrupt = new Interrupt(
    () => line.write(`Stopping${remains === "" ? "" : `, ${remains}`}. Press Ctrl-C again to stop at once.`),
    session.strayErrors.signal,
  );
  try {
    await work({
      signal: interrupt.signal,
      report: (message) => line.write(message),
      progress: (progress) => line.show(progress),
    });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    session.exitCode = INTERRUPT_EXIT_CODE;
  } finally {
    line.clear();
  }
}

/** Opens the dataset that a command is about. */
export async function openChosen(
  dataset: ChosenDataset,
  parsed: Readonly<Record<string, unknown>>,
  size: number,
  watch: Watch,
): Promise<OpenDataset> {
  const { openDataset } = await import("../../../plugins/datasets/mod.ts");
  return await openDataset(dataset.specifier, { size, ...await openOptions(parsed, dataset), ...watch });
}

/** Broken pictures that are named one by one. */
const NAMED = 10;

/** Names the pictures that were left out so far, a line each, and counts those that are too many for that. */
export function tellLeftOut({ skipped }: OpenDataset, { report }: Pick<Watch, "report">): void {
  for (const { name, reason } of byName(skipped).slice(0, NAMED)) report(`left out: ${name} (${reason})`);
  const more = skipped.length - NAMED;
  if (more > 0) report(`left out: ${more} more; datasets verify names them`);
}

/** Pictures in the order of their names: they are found in that in which workers come to them. */
export function byName(skipped: OpenDataset["skipped"]): OpenDataset["skipped"] {
  return skipped.toSorted((a, b) => a.name < b.name ? -1 : 1);
}
