/** What the commands about one dataset share. */
import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { OpenDataset, OpenDatasetOptions } from "../../../plugins/datasets/mod.ts";
import type { TrainOptions } from "../../dcgan/options/options.ts";
import { basesOf } from "../../dcgan/networks/architecture.ts";
import { optionProblem } from "../../dcgan/options/config_issue.ts";
import {
  baseIssues,
  type ImageSize,
  imageSize,
  parseSize,
  sidesOf,
  USUAL_SIZE,
} from "../../dcgan/options/table/image_size.ts";
import { addDatasetFlags, type ChosenDataset, takeDatasetOptions } from "../arguments/dataset_flags.ts";
import { addFlags, overwriteFlag, readerOf } from "../arguments/flags.ts";
import { UsageError } from "../errors.ts";
import { type Watch, watching } from "../terminal/watching.ts";
import { checkDataRoot, checkOutFolder, checkSamplesOut } from "../arguments/check_paths.ts";
import type { Session } from "../session.ts";

/** Flags that say where the data is and how to get it. */
export const accessFlags = ["dataRoot", "mirror", "offline", "dataTimeout"] as const;

/**
 * What commander has read: options of a run, flags that some commands have besides, and options of the
 * dataset.
 */
export interface ParsedFlags extends Pick<TrainOptions, typeof accessFlags[number] | "channels"> {
  readonly size?: ImageSize;
  readonly count?: number;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly [flag: string]: unknown;
}

/** What a command about one dataset works with. */
export interface DatasetCall {
  readonly dataset: ChosenDataset;
  readonly parsed: ParsedFlags;
  /** Width and height of the images that the dataset is opened with. */
  readonly size: ImageSize;
  /** File to write, which may be written; empty for a command that writes none. */
  readonly out: string;
  readonly watch: Watch;
  readonly session: Session;
}

/** A command about one dataset. */
export interface DatasetCommand {
  readonly name: string;
  readonly description: string;
  /** Whether it reads images as training would, of a size and with channels that networks can have. */
  readonly reads?: boolean;
  /** The file of images that it writes, if it writes one: of sizes that networks need not have. */
  readonly writes?: {
    /** Longest side of the images. */
    readonly largest: number;
    /** What the file's name ends in. */
    readonly ending: string;
    /** What help says of the file. */
    readonly summary: string;
    /** The file, if none is given. */
    readonly fallback: (dataset: ChosenDataset) => string;
    /** Other files that are replaced with it. */
    readonly besides?: (out: string) => string;
  };
  /** A flag that it alone has. */
  readonly flag?: readonly [flags: string, summary: string, read: (text: string) => number];
  /** What Ctrl-C leaves of the work, if that is not plain. */
  readonly remains?: string;
  /** Does it. */
  run(call: DatasetCall): Promise<void>;
}

/** Reads a whole number from 1 to a limit. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
  };
}

/** Reads the size of images. */
function sizeUpTo(most: number): (text: string) => ImageSize {
  return (text) => {
    const size = parseSize(text.trim());
    const { width, height } = sidesOf(size ?? Infinity);
    if (size !== undefined && Math.max(width, height) <= most) return size;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}, or two such as 64x48.`);
  };
}

/** Width, height and channels of a dataset's images as text. */
export function shapeText({ shape: [height, width, channels] }: OpenDataset): string {
  return `${width}x${height}x${channels}`;
}

/** The flags of `train` for images of a size and with channels; none for a size that no network has. */
export function* shapeFlags(size: ImageSize | undefined, channels: number | undefined): Generator<string> {
  if (size !== undefined && optionProblem("size", size) === undefined) {
    yield `--size ${size}`;
    if (baseIssues({ size }).length > 0) yield `--base ${basesOf(size)[0]}`;
  }
  if (channels !== undefined) yield `--channels ${channels}`;
}

/**
 * Adds a command about one dataset, with the dataset's options as flags.
 *
 * @param named The dataset that the arguments name; nothing if they call another command.
 */
export async function addDatasetCommand(
  group: Command,
  session: Session,
  { name, description, reads = false, writes, flag, remains, run }: DatasetCommand,
  named: ChosenDataset | undefined,
): Promise<void> {
  const command: Command = group.command(name).description(description);
  command.argument("<name>", "built-in dataset, path of data, or plugin");
  addFlags(command, reads || writes ? ["channels", ...accessFlags] : accessFlags);
  if (named) await addDatasetFlags(command, named);
  if (reads || writes) {
    const summary = `width and height of the images, such as 64 or 64x48 (default: ${USUAL_SIZE})`;
    command.option("--size <pixels>", summary, writes ? sizeUpTo(writes.largest) : readerOf(imageSize()));
  }
  if (flag) command.option(...flag);
  if (writes) command.option("--out <path>", writes.summary).option(...overwriteFlag);
  command.action(async () => {
    const dataset = named!;
    const parsed: ParsedFlags = command.opts();
    const { size = USUAL_SIZE, out = writes?.fallback(dataset) ?? "", overwrite = false } = parsed;
    if (writes) {
      const { ending, besides } = writes;
      if (!out.toLowerCase().endsWith(ending)) {
        throw new UsageError(`--out must end in ${ending}, found "${out}"`);
      }
      for (const path of [out, ...besides ? [besides(out)] : []]) await checkNewFile(path, overwrite);
    }
    await watching(session, (watch) => run({ dataset, parsed, size, out, watch, session }), { remains });
  });
}

/** How to open a dataset, as the flags say, and who receives its messages. */
export async function openOptions(
  parsed: ParsedFlags,
  { plugin }: ChosenDataset,
): Promise<Omit<OpenDatasetOptions, "size">> {
  const { dataOptions, rest } = takeDatasetOptions(parsed, plugin);
  const { dataRoot, mirror, offline, dataTimeout, channels } = rest as ParsedFlags;
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

/**
 * Refuses to replace a file, before any image is read.
 *
 * @param overwrite Whether an existing file may be replaced.
 * @throws {UsageError} If the file exists and may not be replaced, or its folder is missing.
 */
async function checkNewFile(out: string, overwrite: boolean): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "read", path: out });
  // Without permission to read, only writing can find out
  await (state === "granted" ? checkSamplesOut(out, "file", overwrite) : checkOutFolder(out));
}

/** Opens the dataset that a command is about. */
export async function openChosen({ dataset, parsed, size, watch }: DatasetCall): Promise<OpenDataset> {
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
