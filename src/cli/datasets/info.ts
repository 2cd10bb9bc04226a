import type { Command } from "@commander-js/extra-typings";
import type { FileState } from "../../../plugins/datasets/mod.ts";
import { type ChosenDataset, datasetFlagOf, summary } from "../dataset_flags.ts";
import { invocation } from "../invocation.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../shell_word.ts";
import { bytes, table } from "../text.ts";
import { contents } from "./contents.ts";
import { addDatasetCommand, openChosen, openOptions, type Watch, watching } from "./opening.ts";

/** Edge of the images that a dataset is opened with; none are read. */
const SIZE = 32;

/** Adds `datasets info`. */
export async function addInfoCommand(
  group: Command,
  session: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  const command = await addDatasetCommand(
    group,
    "info",
    "show what a dataset is, its options, and what of it is here",
    dataset,
  );
  command.action(async (_name, parsed) => {
    const { cacheDir, verifyFiles } = await import("../../../plugins/datasets/mod.ts");
    const files = await verifyFiles(dataset!.plugin, cacheDir());
    await watching(session, async (watch) => {
      const found = await contentsOf(dataset!, parsed, files, watch);
      const { data } = await openOptions(parsed, dataset!);
      session.terminal.write(infoText(dataset!, { files, folder: cacheDir(), found, data }, session));
    });
  });
}

/** What is in the dataset, as far as that is here: nothing is downloaded. */
async function contentsOf(
  dataset: ChosenDataset,
  parsed: Readonly<Record<string, unknown>>,
  files: readonly FileState[],
  watch: Watch,
): Promise<string[][]> {
  const { DatasetError } = await import("../../../plugins/datasets/mod.ts");
  const { data } = await openOptions(parsed, dataset);
  const isGiven = data !== undefined || dataset.data !== undefined && !dataset.data.startsWith("hf:");
  if (!isGiven && files.some(({ state }) => state !== "good")) return [];
  try {
    await using open = await openChosen(dataset, { ...parsed, offline: true }, SIZE, {
      ...watch,
      report: isGiven ? watch.report : () => {},
    });
    return contents(open);
  } catch (error) {
    // It needs to be told where its data is, or what it would have to download
    if (isGiven || !(error instanceof DatasetError)) throw error;
    return [];
  }
}

/** What was found out about a dataset. */
interface Findings {
  readonly files: readonly FileState[];
  /** Folder for downloads. */
  readonly folder: string;
  /** What is in it; nothing where it could not be opened. */
  readonly found: readonly string[][];
  /** Where its data is, if that was said. */
  readonly data: string | undefined;
}

function infoText(
  { specifier, plugin, data: inside }: ChosenDataset,
  { files, folder, found, data }: Findings,
  { terminal }: Session,
): string {
  const facts = [
    ["homepage", plugin.homepage],
    ["licence", plugin.licence],
    ["downloads", files.length === 0 ? undefined : folder],
    ...found,
  ].filter((row): row is [string, string] => row[1] !== undefined);
  const columns = terminal.columns();
  const options = Object.entries(plugin.options ?? {}).map(([name, option]) => [
    datasetFlagOf(name),
    summary(option),
  ]);
  const parts = [`${plugin.name}: ${plugin.description ?? "no description"}\n${table(facts, "  ", columns)}`];
  if (options.length > 0) parts.push(`Options:\n${table(options, "  ", columns)}`);
  if (files.length > 0) parts.push(`Files:\n${table(files.map(fileRow))}`);
  const needsData = found.length === 0 && files.length === 0 && inside === undefined;
  const root = data ?? (needsData ? "PATH" : undefined);
  parts.push(
    `  $ ${invocation()} train --data ${shellWord(specifier)}${
      root === undefined ? "" : ` --data-root ${shellWord(root)}`
    }\n`,
  );
  return parts.join("\n");
}

function fileRow({ file, state }: FileState): string[] {
  const known = file.sha256 !== undefined
    ? "SHA-256 known"
    : file.contentSha256 !== undefined
    ? "SHA-256 of its content known"
    : "no checksum known: held to its format";
  const states = {
    good: "here",
    missing: "not here yet",
    damaged: "damaged",
    unreadable: "may not be looked at",
  };
  return [file.path, file.size === undefined ? "" : bytes(file.size), states[state], known];
}
