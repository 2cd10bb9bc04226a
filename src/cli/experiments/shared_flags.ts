/** What the commands of experiments share. */
import { type Command, Option } from "@commander-js/extra-typings";
import { integer, type OptionKind } from "../../dcgan/options/option.ts";
import type { Device } from "../../gpu/mod.ts";
import type { writePicture } from "../../dcgan/experiments/pictures/write_picture.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { checkpointFlag } from "../arguments/checkpoint_flag.ts";
import { addDatasetFlags, type ChosenDataset, takeDatasetOptions } from "../arguments/dataset_flags.ts";
import { overwriteFlag, unmarkedFlag } from "../arguments/flags.ts";
import { averageFlag, optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import type { DocumentOf } from "../json/documents.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/text.ts";
import { type Watch, watching } from "../terminal/watching.ts";

/** What an experiment found. */
export interface ExperimentFindings {
  /** What it was about, a line. */
  readonly title: string;
  /** Rows with a name, what was found, and what the paper says. The first row are titles. */
  readonly rows: readonly (readonly string[])[];
  /** What differs from the paper, and what the numbers mean: a sentence each. */
  readonly notes: readonly string[];
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
  /** The picture to write, if there is one. */
  readonly picture?: Parameters<typeof writePicture>[1];
  /** What the file of the picture says of itself, if it shows samples. */
  readonly mark?: Parameters<typeof writePicture>[2];
  /** Everything, for programs. */
  readonly document: ExperimentDocument;
}

/** What programs get of an experiment, but for the path of its picture. */
export type ExperimentDocument = {
  [T in ExperimentName]: { readonly type: T; readonly value: Omit<DocumentOf<T>, "path"> };
}[ExperimentName];

/** Names of experiments. */
export type ExperimentName =
  | "svm"
  | "nearest-neighbor"
  | "walk"
  | "guided-backprop"
  | "drop-filters"
  | "arithmetic";

/** A flag: how it is written, what it does, and what it may be. */
export type ExperimentFlag = readonly [flags: string, summary: string, kind: OptionKind<unknown>];

/** A command that runs an experiment. */
export interface ExperimentCommand {
  /** How it is called. */
  readonly name: ExperimentName;
  /** What it does, in one line. */
  readonly description: string;
  /** Its argument: one run, or several. */
  readonly argument: readonly [name: "<run>" | "<runs...>", summary: string];
  /** Whether it needs the dataset, and a label of it. */
  readonly data: "none" | "images" | "labeled images";
  /** Whether it draws samples, which may come from averaged weights. */
  readonly draws: boolean;
  /** Flags of its own. */
  readonly flags: readonly ExperimentFlag[];
  /** Whether it writes a picture. */
  readonly writes: boolean;
  /** What follows the options in help. */
  readonly help: string;
  /** Runs it. */
  run(device: Device, runs: readonly string[], options: Record<string, unknown>): Promise<ExperimentFindings>;
}

/** Adds a command that runs an experiment. */
export async function addExperimentCommand(
  group: Command,
  session: Session,
  experiment: ExperimentCommand,
  dataset: ChosenDataset | undefined,
): Promise<void> {
  const { name, description, argument, data, draws, flags, writes, help } = experiment;
  const command: Command = group.command(name).description(description);
  command.argument(...argument);
  command.addOption(checkpointFlag("use", draws));
  if (draws) {
    command.option("--no-ema", "use the generator's weights, not their moving average, if a run has one");
    command.addOption(averageFlag("use"));
  }
  for (const [written, summary, kind] of flags) command.addOption(optionOf(written, summary, kind));
  command.addOption(
    optionOf("--seed <number>", "seed of all random choices (default: 1)", integer(0, 2 ** 32 - 1)),
  );
  if (data !== "none") {
    const DATA = "Data:";
    const what = "another dataset, or the run's if it is a plugin or has moved (default: the run's)";
    command.addOption(new Option("--data <name or path>", what).helpGroup(DATA));
    const where = "folder or file of the dataset's data";
    command.addOption(new Option("--data-root <path>", where).helpGroup(DATA));
    if (data === "labeled images") {
      const label = "label whose classes are used (default: the run's, or the first with classes)";
      command.addOption(new Option("--label <name>", label).helpGroup(DATA));
    }
    if (dataset) await addDatasetFlags(command, dataset);
  }
  if (writes) {
    if (draws) command.option(...unmarkedFlag);
    command.option("--out <path>", `PNG to write (default: the first free ${name}.png)`).option(
      ...overwriteFlag,
    );
  }
  command.addHelpText("after", help);
  command.action(() => runExperiment(session, experiment, command, dataset));
}

async function runExperiment(
  session: Session,
  { name, writes, data, run }: ExperimentCommand,
  command: Command,
  dataset: ChosenDataset | undefined,
): Promise<void> {
  const parsed: Record<string, unknown> = command.opts();
  const { out: to, overwrite = false, ema, unmarked, json: _, ...given } = parsed;
  const options = withDataset(given, dataset);
  if (ema === false) options.ema = false;
  const out = writes ? `${to ?? await freePath(name, ".png")}` : undefined;
  if (out !== undefined) {
    if (!/\.png$/i.test(out)) throw new UsageError(`--out must end in .png, found "${out}"`);
    await checkSamplesOut(out, "file", overwrite === true);
  }
  const { openDevice } = await import("../../gpu/device/open_device.ts");
  await watching(session, async (watch) => {
    using device = await openDevice();
    const findings = await run(device, command.args, { ...options, ...listeners(watch, data) });
    for (const warning of findings.warnings) watch.report(`warning: ${printable(warning)}`);
    const { picture, mark } = findings;
    if (picture && out !== undefined) {
      const { writePicture } = await import("../../dcgan/experiments/pictures/write_picture.ts");
      await writePicture(out, picture, unmarked ? undefined : mark);
    }
    const { type, value } = findings.document;
    const { picture: _p, mark: _m, ...plain } = value as typeof value & { picture?: unknown; mark?: unknown };
    const document = { ...plain, ...(out === undefined ? {} : { path: out }) } as DocumentOf<typeof type>;
    session.output.result(type, document, findingsText(findings, out));
  }, { remains: "no file is written", onError: true });
}

/** Options of the dataset that `--data` names, apart from all others. */
function withDataset(
  given: Record<string, unknown>,
  dataset: ChosenDataset | undefined,
): Record<string, unknown> {
  if (!dataset) return { ...given };
  const { dataOptions, rest } = takeDatasetOptions(given, dataset.plugin);
  return Object.keys(dataOptions).length === 0 ? rest : { ...rest, dataOptions };
}

/** Who hears of progress, for experiments that tell of it; all can be stopped. */
function listeners({ signal, report, progress }: Watch, data: ExperimentCommand["data"]): Partial<Watch> {
  return data === "none" ? { signal } : { signal, report, progress };
}

/** What was found as a page of text. */
export function findingsText({ title, rows, notes }: ExperimentFindings, out?: string): string {
  return [
    `${printable(title)}\n`,
    ...rows.length === 0 ? [] : ["\n", table(rows)],
    ...notes.length === 0 ? [] : ["\n", ...notes.map((note) => `${printable(note)}\n`)],
    ...out === undefined ? [] : ["\n", `Picture: ${out}\n`],
  ].join("");
}
