import type { Command } from "@commander-js/extra-typings";
import type { DatasetPlugin, FileState } from "../../../plugins/datasets/mod.ts";
import { type ChosenDataset, datasetFlagOf, summary } from "../dataset_flags.ts";
import { invocation } from "../invocation.ts";
import type { Session } from "../session.ts";
import { bytes, table } from "../text.ts";

/** Adds `datasets info`. */
export function addInfoCommand(
  group: Command,
  { terminal }: Session,
  dataset?: ChosenDataset,
): Promise<void> {
  group.command("info")
    .description("show what a dataset is, its options, and which of its files are here")
    .argument("<name>", "built-in dataset, path of data, or plugin")
    .action(async () => {
      const { specifier, plugin } = dataset!;
      const { cacheDir, verifyFiles } = await import("../../../plugins/datasets/mod.ts");
      terminal.write(infoText(specifier, plugin, await verifyFiles(plugin, cacheDir()), cacheDir()));
    });
  return Promise.resolve();
}

function infoText(
  specifier: string,
  plugin: DatasetPlugin,
  files: readonly FileState[],
  folder: string,
): string {
  const facts = [
    ["homepage", plugin.homepage],
    ["licence", plugin.licence],
    ["downloads", files.length === 0 ? undefined : folder],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  const options = Object.entries(plugin.options ?? {}).map(([name, option]) => [
    datasetFlagOf(name),
    summary(option),
  ]);
  const parts = [`${plugin.name}: ${plugin.description ?? "no description"}\n${table(facts)}`];
  if (options.length > 0) parts.push(`Options:\n${table(options)}`);
  if (files.length > 0) parts.push(`Files:\n${table(files.map(fileRow))}`);
  parts.push(`  $ ${invocation()} train --data ${specifier}\n`);
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
