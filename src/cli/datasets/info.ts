import type { DatasetPlugin, FileState, OpenDataset } from "../../../plugins/datasets/mod.ts";
import { datasetFlagOf, summary, takeDatasetOptions } from "../arguments/dataset_flags.ts";
import { flagOf } from "../arguments/flags.ts";
import { invocation } from "../arguments/invocation.ts";
import { noCacheDir } from "../../../plugins/datasets/remote/cache_dir.ts";
import { printable } from "../terminal/printable.ts";
import { shellWord } from "../arguments/shell_word.ts";
import { bytes, table } from "../terminal/text.ts";
import { contentRows, contents, type DatasetContents } from "./contents.ts";
import { stateOf } from "./verify.ts";
import type { DocumentOf } from "../json/documents.ts";
import {
  accessFlags,
  byName,
  type DatasetCall,
  type DatasetCommand,
  openChosen,
  openOptions,
  shapeFlags,
} from "./shared_flags.ts";

/** Most images of the user's own data that are checked, and the milliseconds after which no more are. */
const LOOKS_AT = 1000;
const LOOKING_TIME = 2000;

/** Images that are read at once. */
const BATCH = 64;

/** `datasets info`. */
export const infoCommand: DatasetCommand = {
  name: "info",
  description: "open a dataset and show its description, options and local files",
  reads: true,
  async run(call) {
    const { cacheDir, verifyFiles } = await import("../../../plugins/datasets/mod.ts");
    const files = await verifyFiles(call.dataset.plugin, cacheDir());
    const inside = await contentsOf(call, files);
    call.session.output.result(
      "dataset-info",
      infoDocument(call, { files, ...inside }),
      infoText(call, { files, folder: cacheDir(), ...inside }),
    );
    if (inside.problem?.isCertain) call.session.exitCode = 1;
  },
};

/** What is in a dataset: nothing if it is not here, or cannot be opened. */
interface Contents {
  readonly contents?: DatasetContents;
  /** What was found when some of its images were read. */
  readonly look?: Look;
  readonly problem?: Problem;
}

/** Images that were read, and those of them that cannot be used. */
interface Look {
  readonly checked: number;
  readonly leftOut: OpenDataset["skipped"];
}

/** What is wrong with a dataset. */
interface Problem {
  /** It, as a row of the facts. */
  readonly row: readonly [what: string, reason: string];
  /** Whether it is certain: a plugin without its data may need only that. */
  readonly isCertain: boolean;
}

/** What is in the dataset, as far as that is here: nothing is downloaded. */
async function contentsOf(call: DatasetCall, files: readonly FileState[]): Promise<Contents> {
  const { dataset, parsed, watch } = call;
  const { builtInDatasets, DatasetError } = await import("../../../plugins/datasets/mod.ts");
  const { data } = await openOptions(parsed, dataset);
  const isGiven = data !== undefined || dataset.data !== undefined && !dataset.data.startsWith("hf:");
  if (!isGiven && files.some(({ state }) => state !== "good")) return {};
  let isOpen = false;
  let found: DatasetContents | undefined;
  try {
    await using open = await openChosen({ ...call, parsed: { ...parsed, offline: true } });
    isOpen = true;
    found = await contents(open, watch.signal);
    return { contents: found, ...(isGiven ? { look: await lookAt(open, watch.signal) } : {}) };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    const { message } = error;
    if (isOpen) {
      return {
        ...(found ? { contents: found } : {}),
        problem: { row: ["problem", message], isCertain: true },
      };
    }
    // It needs the path of its data, or a download
    const isBuiltIn = Object.values(builtInDatasets).includes(dataset.plugin);
    if (!isGiven && (isBuiltIn || error.kind === "not-downloaded")) return {};
    const reason = message.replace(/^Dataset ".*?" cannot be opened: /, "");
    const isCertain = isGiven || error.kind === "breaks-contract";
    return { problem: { row: ["cannot be opened", reason], isCertain } };
  }
}

/** Reads some images, and says which cannot be used. */
async function lookAt(open: OpenDataset, signal: AbortSignal): Promise<Look> {
  const until = performance.now() + LOOKING_TIME;
  const count = Math.min(LOOKS_AT, open.length);
  const each = open.shape.reduce((a, b) => a * b);
  let seen = 0;
  while (seen < count && performance.now() < until) {
    const indices = Array.from(
      { length: Math.min(BATCH, count - seen) },
      (_, i) => Math.floor((seen + i) * open.length / count),
    );
    await open.read(indices, new Uint8Array(indices.length * each), signal);
    seen += indices.length;
  }
  return { checked: seen, leftOut: byName(open.skipped) };
}

/** A row about images that cannot be used, if there are any. */
function lookRows(images: number, { checked, leftOut }: Look): string[][] {
  const [first] = leftOut;
  if (first === undefined) return [];
  const seenOf = checked === images ? `${checked}` : `${checked} checked, of ${images}`;
  const more = leftOut.length > 1 ? "; datasets verify names the others" : "";
  return [["left out", `${leftOut.length} of ${seenOf}: ${first.name} (${first.reason})${more}`]];
}

/** What was found out about a dataset. */
interface Findings extends Contents {
  readonly files: readonly FileState[];
}

/** What programs get of it. */
function infoDocument(
  { dataset: { plugin } }: DatasetCall,
  { files, contents, look, problem }: Findings,
): DocumentOf<"dataset-info"> {
  const { name, description, homepage, license, options = {} } = plugin;
  return {
    name,
    description,
    homepage,
    license,
    options: Object.entries(options).map(([option, { type, description, default: value }]) => ({
      name: option,
      flag: datasetFlagOf(option),
      type,
      description,
      default: value,
    })),
    files: files.map(stateOf),
    ...contents,
    ...look,
    problem: problem?.row[1],
  };
}

function infoText(
  { dataset: { specifier, plugin, data: inside }, parsed, session: { terminal } }: DatasetCall,
  { files, folder, contents, look, problem }: Findings & { readonly folder: string | undefined },
): string {
  const found = contents ? [...contentRows(contents), ...look ? lookRows(contents.images, look) : []] : [];
  const facts = [
    ["homepage", plugin.homepage],
    ["license", plugin.license],
    ["downloads", files.length === 0 ? undefined : folder ?? noCacheDir()],
    ...found,
    ...problem ? [problem.row] : [],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  const columns = terminal.columns();
  const options = Object.entries(plugin.options ?? {}).map(([name, option]) => [
    datasetFlagOf(name),
    summary(option),
  ]);
  const title = printable(`${plugin.name}: ${plugin.description ?? "no description"}`);
  const parts = [`${title}\n${table(facts, "  ", columns)}`];
  if (options.length > 0) parts.push(`Options:\n${table(options, "  ", columns)}`);
  if (files.length > 0) parts.push(`Files:\n${table(files.map(fileRow))}`);
  // What cannot be opened cannot be trained on either
  if (problem?.isCertain) return parts.join("\n");
  const needsData = found.length === 0 && files.length === 0 && inside === undefined;
  const { dataRoot = needsData ? "PATH" : undefined } = parsed;
  const words = [
    ...shapeFlags(parsed.size, parsed.channels),
    ...givenFlags({ ...parsed, dataRoot }, plugin),
  ];
  parts.push(`  $ ${[`${invocation()} train --data ${shellWord(specifier)}`, ...words].join(" ")}\n`);
  return parts.join("\n");
}

/** The flags that were given, as `train` takes them too. */
function* givenFlags(
  parsed: Readonly<Record<string, unknown>>,
  plugin: DatasetPlugin,
): Generator<string> {
  const { dataOptions, rest } = takeDatasetOptions(parsed, plugin);
  for (const name of accessFlags) {
    const value = rest[name];
    if (value === true) yield flagOf(name);
    else if (value !== undefined) yield `${flagOf(name)} ${shellWord(String(value))}`;
  }
  for (const [name, value] of Object.entries(dataOptions)) {
    yield `${datasetFlagOf(name)} ${shellWord(String(value))}`;
  }
}

function fileRow({ file, state }: FileState): string[] {
  const known = file.sha256 !== undefined
    ? "SHA-256 known"
    : file.contentSha256 !== undefined
    ? "SHA-256 of its content known"
    : "no checksum known: checked by its format";
  const states = {
    good: "here",
    missing: "not downloaded",
    damaged: "damaged",
    unreadable: "no permission to read",
  };
  return [file.path, file.size === undefined ? "" : bytes(file.size), states[state], known];
}
