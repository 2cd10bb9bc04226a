import { host } from "../../../src/host/host.ts";
import { basename, dirname, join } from "../../../src/host/paths.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type Labels,
  type OpenRequest,
  type StringOption,
} from "../contract.ts";
import { text } from "../option_kinds.ts";
import { findFile, lookAt, requireData } from "../find_file.ts";
import { openPictureDataset } from "../decoding/picture_dataset.ts";
import { type PictureOptions, pictureOptions } from "../decoding/picture_options.ts";
import { DEFAULT_LABEL, openShards, type Sample } from "../sources/shard_source.ts";
import { quote } from "../messages.ts";

/** The options of {@linkcode webdataset}. */
export interface WebdatasetOptions extends PictureOptions {
  /** Ending of the members that hold the picture. */
  readonly image: StringOption;
  /** Ending of the members that hold the label. */
  readonly label: StringOption;
}

/**
 * Shards of a WebDataset: tar files in which a picture and what belongs to it follow each other under one
 * name, `000017.jpg` and `000017.cls`. A name goes up to its first dot, or up to its last if all names have
 * more. Of several pictures in a sample the option `image` takes one: `jpg`, or `depth.png`. The data is a
 * tar, a folder of tars, or a path with braces, `shards/{000..099}.tar`.
 *
 * The label `class` comes from the members that end in `.cls` (or what the option `label` says), if every
 * picture has one: numbers, or words. `classnames.txt` beside the shards names the numbers, a line each.
 */
export const webdataset: DatasetPlugin<WebdatasetOptions> = defineDataset<WebdatasetOptions>({
  apiVersion: 1,
  name: "webdataset",
  description: "tar shards with samples as a.jpg, a.cls, b.jpg, b.cls",
  homepage: "https://github.com/webdataset/webdataset",
  options: {
    image: text("ending of the members with the picture, or several with commas; found without it"),
    label: text("ending of the members with the label", DEFAULT_LABEL),
    ...pictureOptions,
  },
  open: openWebdataset,
});

async function openWebdataset(request: OpenRequest<WebdatasetOptions>): Promise<Dataset> {
  const { image, label } = request.options;
  const what = "the path of tar shards such as shards/{000..099}.tar";
  const data = requireData(request.data, "webdataset", what);
  const paths = await findShards(data, request.report);
  const endings = image.split(",").map((ending) => ending.trim()).filter((ending) => ending !== "");
  const shards = await openShards(paths, { image: endings, label }, data, request);
  return await openPictureDataset(request, data, shards, async ({ samples }) => ({
    labels: sampleLabels(samples, await classNames(dirname(paths[0]!)), request.report),
  }));
}

/** Most shards that braces may expand to. */
const MOST_SHARDS = 100_000;

/** The paths of a pattern with one pair of braces, `a{00..12}b`, or the path itself. */
export function expandBraces(pattern: string): string[] {
  const match = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before, first, last, after] = match as unknown as [string, string, string, string, string];
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > MOST_SHARDS) {
    throw new DatasetError(
      `The braces of ${quote(pattern)} must stand for 1 to ${MOST_SHARDS} shards, found ${count}`,
    );
  }
  return Array.from(
    { length: count },
    (_, i) => `${before}${String(Number(first) + i).padStart(first.length, "0")}${after}`,
  );
}

async function findShards(data: string, report: (message: string) => void): Promise<string[]> {
  if (data.includes("{")) return expandBraces(data);
  const info = await lookAt(data, `There are no shards at ${quote(data)}`);
  if (!info.isDirectory) return [data];
  const names: string[] = [];
  for await (const { name } of host().readDir(data)) if (!name.startsWith(".")) names.push(name);
  const shards = names.filter((name) => /\.tar$/i.test(name)).sort();
  const packed = names.filter((name) => /\.(?:tgz|tar\.\w+)$/i.test(name)).sort();
  const found = `${packed.length} packed ${packed.length === 1 ? "shard" : "shards"} (the first is ` +
    `${quote(packed[0])})`;
  const advice = "shards are read as plain tars: unpack them with gunzip or what they were packed with";
  if (shards.length > 0) {
    if (packed.length > 0) report(`${quote(data)} holds ${found}, which are left out; ${advice}`);
    return shards.map((name) => join(data, name));
  }
  throw new DatasetError(
    `${quote(data)} must hold tar shards, found ` +
      `${packed.length === 0 ? "no file that ends in .tar" : `${found}; ${advice}`}`,
  );
}

async function classNames(folder: string): Promise<string[] | undefined> {
  const path = await findFile(folder, ["classnames.txt"]);
  if (path === undefined) return undefined;
  return (await host().readTextFile(path)).split(/\r?\n/).filter((line) => line !== "");
}

/** The labels of samples that all have one. */
function sampleLabels(
  samples: readonly Sample[],
  names: readonly string[] | undefined,
  report: (message: string) => void,
): Record<string, Labels> {
  const texts = samples.map(({ label }) => label);
  if (texts.some((text) => text === undefined)) return {};
  const found = texts as string[];
  if (!found.every((text) => /^\d{1,6}$/.test(text))) {
    const classes = [...new Set(found)].sort();
    const places = new Map(classes.map((name, i) => [name, i]));
    const values = Uint32Array.from(found, (text) => places.get(text)!);
    return { class: { classes, at: (index) => values[index]! } };
  }
  const values = Uint32Array.from(found, Number);
  const most = values.reduce((a, b) => Math.max(a, b));
  const isNamed = names !== undefined && most < names.length;
  if (names !== undefined && !isNamed) {
    report(
      `classnames.txt must name all classes, found ${names.length} names, and class ${most} at ${
        basename(samples[values.indexOf(most)]!.name)
      }; the numbers are taken as names`,
    );
  }
  const classes = isNamed ? names : Array.from({ length: most + 1 }, (_, i) => String(i));
  return { class: { classes, at: (index) => values[index]! } };
}
