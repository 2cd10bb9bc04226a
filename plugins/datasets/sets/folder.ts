import { host } from "../../../src/host/host.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type StringOption,
} from "../contract.ts";
import { text } from "../option_kinds.ts";
import { requireData } from "../find_file.ts";
import { openPictureDataset } from "../decoding/picture_dataset.ts";
import { type PictureOptions, pictureOptions } from "../decoding/picture_options.ts";
import { openSource } from "../sources/open_source.ts";
import { quote } from "../messages.ts";

/** The options of {@linkcode folder}. */
export interface FolderOptions extends PictureOptions {
  /** Folder within the data. */
  readonly within: StringOption;
}

/**
 * A folder, a zip or a tar of pictures, with folders in it as classes: the label `class` is the last folder
 * on a picture's path, so `train/cat/1.jpg` and `test/cat/2.jpg` are both of class `cat`. Pictures that all
 * lie in one folder have no label.
 *
 * Each picture is cut to a square, or to the shape of the training size, and averaged over area (or
 * interpolated, if it is smaller) to that size. Alpha is composed over white, unless 2 or 4 channels are
 * asked for. Images are in the order of their paths. They are decoded in workers when they are first read,
 * and then kept: in memory if all of them fit, else in a file in the cache folder, which later runs use as
 * well.
 *
 * A picture that cannot be decoded is left out: the next good one of its class takes its place, it is named
 * in `skipped`, and once more than the allowed share was left out, reading fails.
 */
export const folder: DatasetPlugin<FolderOptions> = defineDataset<FolderOptions>({
  apiVersion: 1,
  name: "folder",
  description: "a folder, zip or tar of pictures, sub-folders as classes",
  options: {
    ...pictureOptions,
    within: text("only pictures in this folder of the data, such as train"),
  },
  open: openPictures,
});

async function openPictures(request: OpenRequest<FolderOptions>): Promise<Dataset> {
  const { options, signal } = request;
  const data = requireData(request.data, "folder", "the path of a folder, zip or tar of pictures");
  const folder = plainFolder(options.within);
  const source = await openSource(data, signal, folder);
  return await openPictureDataset(request, data, source, () => {
    // The same letters may be written in two ways: a disk of macOS takes them apart
    const names = folder === ""
      ? source.names
      : source.names.filter((name) => name.normalize().startsWith(folder));
    if (names.length > 0) return { names };
    const there = [...new Set(source.names.map((name) => host().posix.dirname(name)))].slice(0, 10).map((
      name,
    ) => quote(name)).join(", ");
    throw new DatasetError(
      `Option "within" must name a folder with pictures in ${quote(data)}, found ${quote(options.within)}; ${
        there === "" ? "there are no pictures at all" : `there are ${there}`
      }`,
    );
  });
}

/** A folder's path as the names of pictures have it in front of them, empty for all of them. */
function plainFolder(within: string): string {
  const parts = within.normalize().split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  return parts.map((part) => `${part}/`).join("");
}
