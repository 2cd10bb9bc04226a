import { basename, dirname, join } from "../../../src/host/paths.ts";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type RemoteFile,
  type StringOption,
} from "../contract.ts";
import { text } from "../option_kinds.ts";
import { findFile, whatIsThere } from "../find_file.ts";
import { openBytes } from "../formats/byte_source.ts";
import { refuseOther } from "../formats/expected_kind.ts";
import { unpackGzip } from "../formats/gzip.ts";
import { type IdxArray, readIdx } from "../formats/idx.ts";
import { readWhole } from "../formats/whole_file.ts";
import { rawDataset } from "./raw_images.ts";
import { fetchFile } from "../remote/fetch_file.ts";
import { quote } from "../messages.ts";

/** Edge of an image in the files. */
const EDGE = 28;

/** Most bytes that a file may unpack to; the largest has 47 million. */
const MOST = 2 ** 28;

/** Images and labels of each part. */
const parts: Readonly<Record<string, readonly [images: string, labels: string]>> = {
  train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
  test: ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
};

/** What is known of a file. */
type Known = Pick<RemoteFile, "size" | "sha256" | "contentSha256">;

/** A set in the format of MNIST. Its name is that of its folder in the folder for downloads too. */
export interface IdxSet
  extends Required<Pick<DatasetPlugin, "name" | "description" | "homepage" | "license">> {
  /** What its label is called. */
  readonly label: string;
  /** The ten classes. */
  readonly classes: readonly string[];
  /** Servers with its files, each the start of a URL. */
  readonly servers: readonly string[];
  /** What is known of the packed images and labels to train on, then of those to test with. */
  readonly files: readonly [Known, Known, Known, Known];
}

/** The options of sets in the format of MNIST. */
export interface SplitOptions extends Record<string, StringOption> {
  /** Which part of the set. */
  readonly split: StringOption;
}

/** The option that chooses between a set's two parts. */
export const splitOption: StringOption = text("which of the two parts", "train", ["train", "test"]);

/**
 * The plugin of a set in the format of MNIST: 28x28 pixels of white on black in IDX files, packed or not.
 *
 * The files are taken from the data folder if there is one (or the folders that torchvision makes in it),
 * else from the folder for downloads, else downloaded; checksums are checked for downloads only. Sizes that 7
 * divides come from the image as it is; for all others it is padded with 2 black pixels on each side to 32x32
 * first. That is then averaged over area or interpolated to the size.
 */
export function defineIdxSet(set: IdxSet): DatasetPlugin<SplitOptions> {
  const { name, description, homepage, license } = set;
  return defineDataset<SplitOptions>({
    apiVersion: 1,
    name,
    description,
    homepage,
    license,
    files: idxFiles(set),
    options: { split: splitOption },
    open: (request) => openIdxSet(set, request),
  });
}

/** The four files of a set, as they are downloaded. */
export function idxFiles({ name, servers, files }: IdxSet): RemoteFile[] {
  return Object.values(parts).flat().map((file, i) => ({
    path: `${name}/${file}.gz`,
    urls: servers.map((server) => `${server}${file}.gz`),
    ...files[i],
  }));
}

async function openIdxSet(set: IdxSet, request: OpenRequest<SplitOptions>): Promise<Dataset> {
  const { label, classes } = set;
  const { length, image, labelOf } = await readIdxPart(set, request);
  const edge = paddedEdge(request.size);
  return rawDataset(request, {
    length,
    width: edge,
    height: edge,
    channels: 1,
    pixels: (index) => padded(image(index), edge),
    labels: { [label]: { classes, at: labelOf } },
  });
}

/** One of a set's two parts, in memory. */
export interface IdxPart {
  /** Number of images. */
  readonly length: number;
  /** The 28x28 levels of an image. */
  image(index: number): Uint8Array;
  /** Its label: a place in the set's classes. */
  labelOf(index: number): number;
}

/** What is needed to read the files of a set in the format of MNIST. */
type IdxRequest = Omit<OpenRequest, "options"> & { readonly options: { readonly split: string } };

/** Reads one of a set's two parts. `called` is the dataset's name in messages, if it is not the set's. */
export async function readIdxPart(
  set: IdxSet,
  request: IdxRequest,
  called: string = set.name,
): Promise<IdxPart> {
  const { classes } = set;
  const [imageName, labelName] = parts[request.options.split]!;
  const images = await readFile(set, called, imageName, 3, request);
  const labels = await readFile(set, called, labelName, 1, request);
  const [length = 0, height, width] = images.array.shape;
  if (length < 1 || height !== EDGE || width !== EDGE) {
    throw new DatasetError(
      `${images.path} must hold images of ${EDGE}x${EDGE}, found ${images.array.shape.join("x")}`,
    );
  }
  if (labels.array.shape[0] !== length) {
    throw new DatasetError(
      `${labels.path} must hold a label for each of the ${length} images, found ${labels.array.shape[0]}`,
    );
  }
  const unknown = labels.array.data.findIndex((value) => value >= classes.length);
  if (unknown >= 0) {
    throw new DatasetError(
      `${labels.path} must hold labels from 0 to ${classes.length - 1}, ` +
        `found ${labels.array.data[unknown]} for image ${unknown}`,
    );
  }
  return {
    length,
    image: (index) => images.array.data.subarray(index * EDGE * EDGE, (index + 1) * EDGE * EDGE),
    labelOf: (index) => labels.array.data[index]!,
  };
}

/** Edge that images have before they are scaled to a size: 28, or 32 with a black border. */
export function paddedEdge(size: number): number {
  return size % 7 === 0 ? EDGE : 32;
}

/** An image `[28, 28, channels]` in the middle of a black square. */
export function padded(image: Uint8Array, edge: number, channels = 1): Uint8Array {
  if (edge === EDGE) return image;
  const data = new Uint8Array(edge * edge * channels);
  const margin = (edge - EDGE) / 2;
  const row = EDGE * channels;
  for (let y = 0; y < EDGE; y++) {
    data.set(image.subarray(y * row, (y + 1) * row), ((y + margin) * edge + margin) * channels);
  }
  return data;
}

async function readFile(
  set: IdxSet,
  called: string,
  name: string,
  rank: number,
  request: IdxRequest,
): Promise<{ array: IdxArray; path: string }> {
  const { data, signal } = request;
  const path = data === undefined
    ? await fetchFile(idxFiles(set).find((file) => file.path === `${set.name}/${name}.gz`)!, request)
    : await findIdx(data, set.name, name);
  if (path === undefined) {
    // A file in the place of the folder may be something that has a name
    const file = await findFile(dirname(data!), [basename(data!)]);
    if (file !== undefined) openBytes(file)[Symbol.dispose]();
    throw new DatasetError(
      `The data of ${quote(called)} must be a folder with ${name} or ${name}.gz, found neither in ${
        quote(data)
      }, where there ${await whatIsThere(data!)}`,
    );
  }
  signal.throwIfAborted();
  const bytes = unpackGzip(await readWhole(path, MOST), path, MOST);
  refuseOther(bytes.subarray(0, KIND_BYTES), path);
  return { array: readIdx(bytes, rank, path), path };
}

/** Folders that torchvision makes for a set in the folder that it is given. */
const torchFolders: Readonly<Record<string, string>> = {
  mnist: "MNIST",
  "fashion-mnist": "FashionMNIST",
  kmnist: "KMNIST",
};

/**
 * One of the files, as it is spelled and put away where it can be had: with a dot, in a folder of its own
 * name, in `raw`.
 */
async function findIdx(data: string, set: string, name: string): Promise<string | undefined> {
  const dotted = name.replace("-idx", ".idx");
  const names = [name, dotted].flatMap((one) => [one, `${one}.gz`, `${one}/${one}`]);
  const torch = torchFolders[set] ?? "";
  for (const folder of ["", "raw", `${torch}/raw`, torch]) {
    const path = await findFile(join(data, folder), names);
    if (path !== undefined) return path;
  }
  return undefined;
}
