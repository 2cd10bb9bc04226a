import { imageSize } from "./image_size.ts";
import { choice, number, record, serverUrl, text, toggle } from "../option.ts";
import type { OptionTable } from "../option_marks.ts";
import type { Channels } from "../../../pictures/mod.ts";

/** Options of the data. */
export const dataOptions: Pick<
  OptionTable,
  | "data"
  | "dataRoot"
  | "dataOptions"
  | "dataTimeout"
  | "mirror"
  | "offline"
  | "size"
  | "channels"
  | "flip"
  | "gpuDataMemory"
> = {
  data: {
    ...text("the name of a dataset, a folder or zip of pictures, or a plugin's path or specifier"),
    group: "Most used",
    value: "name or path",
    summary: "built-in dataset, folder, zip or tar of pictures, or dataset plugin",
    default: "faces",
    resumable: true,
  },
  dataRoot: {
    ...text("the path of a folder or file"),
    group: "Data",
    value: "path",
    summary: "folder or file with the dataset's data",
    otherwise: "the dataset's folder in the user's cache",
    resumable: true,
    optional: true,
  },
  dataOptions: {
    ...record(),
    group: "Data",
    summary: "options of the dataset itself",
    default: {},
    overridable: true,
  },
  size: {
    ...imageSize(),
    group: "Most used",
    value: "pixels",
    summary: "width and height of images, such as 64 or 64x48: 4, 5, 6 or 7 x 2^n, or see --base",
    default: 64,
  },
  channels: {
    ...choice<Channels>([1, 2, 3, 4]),
    group: "Data",
    value: "count",
    summary: "channels of an image: 1 for gray, 3 for color, 2 or 4 for the same with alpha",
    otherwise: "those of the dataset",
  },
  flip: {
    ...toggle(),
    group: "Data",
    summary: "flip each image left to right with probability 1/2, drawn anew in each step",
    opposite: "do not flip images; with --resume and --override: from here on",
    default: false,
    overridable: true,
  },
  gpuDataMemory: {
    ...number({ from: 0, to: 2 ** 20 }),
    group: "Data",
    value: "MiB",
    summary: "GPU memory for the dataset; larger datasets are uploaded batch by batch",
    otherwise: "1024, capped by the adapter's largest buffer",
    resumable: true,
    optional: true,
  },
  dataTimeout: {
    ...number({ above: 0, to: 1e6 }),
    group: "Data",
    value: "seconds",
    summary: "seconds without progress after which a dataset counts as hung",
    default: 300,
    resumable: true,
    passing: true,
  },
  mirror: {
    ...serverUrl(),
    group: "Data",
    value: "url",
    summary: "server to try before the dataset's own",
    otherwise: "none",
    resumable: true,
    passing: true,
  },
  offline: {
    ...toggle(),
    group: "Data",
    summary: "use only files that are already downloaded, never the network",
    default: false,
    resumable: true,
    passing: true,
  },
};
