import { host } from "../../../src/host/host.ts";
import { join, relative } from "../../../src/host/paths.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type StringOption,
} from "../contract.ts";
import { text } from "../option_kinds.ts";
import { lookAt, requireData } from "../find_file.ts";
import { openPictureDataset } from "../decoding/picture_dataset.ts";
import { type PictureOptions, pictureOptions } from "../decoding/picture_options.ts";
import { fetchShards } from "../remote/hub.ts";
import { openParquet } from "../sources/parquet/source.ts";
import { quote } from "../messages.ts";

/** The options of {@linkcode huggingface}. */
export interface HuggingfaceOptions extends PictureOptions {
  /** Part of the set. */
  readonly split: StringOption;
  /** Configuration of the set. */
  readonly config: StringOption;
  /** Column of pictures. */
  readonly image: StringOption;
  /** Column of labels. */
  readonly label: StringOption;
}

/**
 * Pictures in Parquet files as the Hugging Face hub has them. The data is `hf:user/name`, a set on the hub,
 * which is downloaded; or a Parquet file, or a folder with some. The columns of pictures and labels are
 * found, or named by the options `image` and `label`.
 *
 * Private or gated datasets need a token of the hub in the variable `HF_TOKEN`, and the permission to read
 * it.
 *
 * The hub gives no checksums, so the length and format of downloads are checked.
 */
export const huggingface: DatasetPlugin<HuggingfaceOptions> = defineDataset<HuggingfaceOptions>({
  apiVersion: 1,
  name: "huggingface",
  description: "a set on the Hugging Face hub, hf:user/name, or Parquet files in its layout",
  homepage: "https://huggingface.co/datasets",
  options: {
    split: text("part of the set", "train"),
    config: text("configuration of the set; the first without it"),
    image: text("column of pictures; found without it"),
    label: text("column of labels; found without it"),
    ...pictureOptions,
  },
  open: openHuggingface,
});

async function openHuggingface(request: OpenRequest<HuggingfaceOptions>): Promise<Dataset> {
  const { options, signal, report } = request;
  const what = "such as hf:user/name or the path of a .parquet file";
  const data = requireData(request.data, "huggingface", what);
  const { split, config, image, label } = options;
  const paths = data.startsWith("hf:")
    ? await fetchShards(data.slice("hf:".length), { split, config }, request)
    : await findShards(data, { split, config });
  return await openPictureDataset(request, data, await openParquet(paths, { image, label, signal, report }));
}

/** Names that parts of sets have. */
const splitNames = ["train", "test", "validation", "valid", "val", "dev"];

async function findShards(
  data: string,
  { split, config }: { readonly split: string; readonly config: string },
): Promise<string[]> {
  const info = await lookAt(data, `There are no Parquet files at ${quote(data)}`);
  if (!info.isDirectory) return [data];
  const names = (await listParquet(data)).map((path) => relative(data, path).replaceAll("\\", "/")).sort();
  if (names.length === 0) {
    throw new DatasetError(`${quote(data)} must hold Parquet files, found no file that ends in .parquet`);
  }
  const inConfig = config === "" ? names : names.filter((name) => name.split("/").includes(config));
  const speaksOf = (name: string, word: string) => name.split(/[/_.-]/).includes(word);
  const ofSplit = inConfig.filter((name) => speaksOf(name, split));
  // Files that name no part at all are all of one
  const noneIs = inConfig.every((name) => !splitNames.some((word) => speaksOf(name, word)));
  const found = ofSplit.length > 0 ? ofSplit : noneIs ? inConfig : [];
  if (found.length > 0) return found.map((name) => join(data, name));
  throw new DatasetError(
    `${quote(data)} must hold Parquet files of the part ${quote(split)}${
      config === "" ? "" : ` of ${quote(config)}`
    }, found ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", ..." : ""}`,
  );
}

async function listParquet(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of host().readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await listParquet(path));
    else if (/\.parquet$/i.test(name)) paths.push(path);
  }
  return paths;
}
