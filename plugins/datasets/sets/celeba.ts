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
import { findFile, requireData } from "../find_file.ts";
import { openPictureDataset } from "../decoding/picture_dataset.ts";
import { type PictureOptions, pictureOptions } from "../decoding/picture_options.ts";
import { type CelebaAttributes, readCelebaAttributes, readCelebaParts } from "../formats/celeba_lists.ts";
import { readText } from "../formats/whole_file.ts";
import { openSource } from "../sources/open_source.ts";
import type { PictureSource } from "../sources/picture_source.ts";
import { nearest, quote } from "../messages.ts";

/** The options of {@linkcode celeba}. */
export interface CelebaOptions extends PictureOptions {
  /** Attribute that becomes the label. */
  readonly attribute: StringOption;
  /** Which part of the set. */
  readonly split: StringOption;
}

const splits = ["train", "valid", "test"];

/** Most bytes of a list; the longest has 26 million. */
const MOST_LIST = 2 ** 28;

/**
 * CelebA: 202,599 photos of faces, aligned and cropped to 178x218, of which the square in the middle is used.
 * The data is a folder that holds `img_align_celeba.zip` or the folder `img_align_celeba`, or one of these
 * two themselves, with `list_attr_celeba.txt` beside them for the attributes and `list_eval_partition.txt`
 * for the split; or the folder with `Img`, `Anno` and `Eval` in it that its makers share; or the tables with
 * commas in the place of the lists. Each of the 40 attributes is a label of the classes `no` and `yes`; the
 * option `attribute` keeps one of them.
 *
 * It must be downloaded by hand, as its authors require.
 */
export const celeba: DatasetPlugin<CelebaOptions> = defineDataset<CelebaOptions>({
  apiVersion: 1,
  name: "celeba",
  description: "202,599 photos of faces with 40 attributes, downloaded by hand",
  homepage: "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
  license: "non-commercial research only; Liu, Luo, Wang and Tang, 2015",
  options: {
    attribute: text("only this attribute as label, such as Smiling; all without it"),
    split: text("which part of the set", "all", ["all", ...splits]),
    ...pictureOptions,
  },
  open: openCeleba,
});

async function openCeleba(request: OpenRequest<CelebaOptions>): Promise<Dataset> {
  const { options: { attribute, split }, signal } = request;
  const what = "the path of a folder with img_align_celeba.zip";
  const data = requireData(request.data, "celeba", what, `, downloaded from ${celeba.homepage}`);
  const pictures = await findPictures(data);
  const folders = listFolders(data, pictures);
  return await openPictureDataset(request, data, await openSource(pictures, signal), async (source) => {
    const names = await namesOfSplit(source, split, folders);
    const attributes = await readAttributes(folders, attribute);
    return { names, labels: attributes === undefined ? {} : attributeLabels(attributes, attribute, names) };
  });
}

/** Folders that the makers' own, and those who pass the set on, put the pictures in. */
const pictureFolders = ["", "Img", "celeba", "CelebA", "CelebA/Img", "celeba-dataset"];

/** The pictures within the data, or the data itself. */
async function findPictures(data: string): Promise<string> {
  for (const folder of pictureFolders.map((name) => join(data, name))) {
    const unpacked = join(folder, "img_align_celeba");
    if (await host().stat(unpacked).then((info) => info.isDirectory, () => false)) return unpacked;
    const packed = await findFile(folder, ["img_align_celeba.zip"]);
    if (packed !== undefined) return packed;
  }
  return data;
}

/** Where lists may be: in the data, beside the pictures, or in the makers' folders beside theirs. */
function listFolders(data: string, pictures: string): string[] {
  const beside = dirname(pictures);
  const places = [data, beside, dirname(beside)];
  return [...new Set(places.flatMap((place) => [place, join(place, "Anno"), join(place, "Eval")]))];
}

async function namesOfSplit(
  source: PictureSource,
  split: string,
  folders: readonly string[],
): Promise<readonly string[]> {
  if (split === "all") return source.names;
  const list = await readList(folders, ["list_eval_partition.txt", "list_eval_partition.csv"]);
  if (list === undefined) throw needs("split", "list_eval_partition.txt", folders);
  const parts = readCelebaParts(list.text, list.path);
  const wanted = splits.indexOf(split);
  const names = source.names.filter((name) => parts.get(basename(name)) === wanted);
  if (names.length > 0) return names;
  throw new DatasetError(
    `${list.path} must name pictures of the part ${quote(split)}, found none that are there`,
  );
}

function needs(option: string, file: string, folders: readonly string[]): DatasetError {
  const place = `${quote(folders[0])} or beside the pictures`;
  return new DatasetError(
    `Option ${quote(option)} of dataset "celeba" needs ${file}, found none in ${place}`,
  );
}

async function readAttributes(
  folders: readonly string[],
  attribute: string,
): Promise<CelebaAttributes | undefined> {
  const list = await readList(folders, ["list_attr_celeba.txt", "list_attr_celeba.csv"]);
  if (list !== undefined) return readCelebaAttributes(list.text, list.path);
  if (attribute === "") return undefined;
  throw needs("attribute", "list_attr_celeba.txt", folders);
}

function attributeLabels(
  { names, rows }: CelebaAttributes,
  attribute: string,
  pictures: readonly string[],
): Record<string, Labels> {
  if (attribute !== "" && !names.includes(attribute)) {
    const close = nearest(attribute, names);
    throw new DatasetError(
      `Option "attribute" of dataset "celeba" must be one of ${names.join(", ")}, ` +
        `found ${quote(attribute)}${close ? `; did you mean ${quote(close)}?` : ""}`,
    );
  }
  const ofEach = pictures.map((picture) => {
    const row = rows.get(basename(picture));
    if (row) return row;
    throw new DatasetError(
      `list_attr_celeba.txt must have a line for each picture, found none for ${quote(picture)}`,
    );
  });
  const kept = attribute === "" ? names : [attribute];
  return Object.fromEntries(kept.map((name) => {
    const place = names.indexOf(name);
    return [name, { classes: ["no", "yes"], at: (index: number) => ofEach[index]![place]! }];
  }));
}

async function readList(
  folders: readonly string[],
  names: readonly string[],
): Promise<{ text: string; path: string } | undefined> {
  for (const folder of folders) {
    const path = await findFile(folder, names);
    if (path === undefined) continue;
    return { text: await readText(path, MOST_LIST), path };
  }
  return undefined;
}
