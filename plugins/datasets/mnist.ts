import { join } from "node:path";
import { fitPicture } from "../../src/pictures/mod.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type OpenRequest,
  type StringOption,
} from "./contract.ts";
import { download, type DownloadContext, sha256Of } from "./download.ts";
import { type IdxArray, readIdx, unpackGzip } from "./idx.ts";
import { messageOf, quote } from "./wording.ts";

/** Edge of a digit in the files. */
const DIGIT = 28;

/** SHA-256 of the files of MNIST, unpacked. Packed, they differ from mirror to mirror. */
const checksums = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
} as const;

type FileName = keyof typeof checksums;

const mirrors = [
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
];

const files = {
  train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
  test: ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
} as const satisfies Record<string, readonly [FileName, FileName]>;

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test with, white on black, 28x28, with the label `digit`
 * (LeCun, Cortes and Burges, CC BY-SA 3.0).
 *
 * The files are taken from the data folder if there is one, packed or not, else from the cache, else downloaded; only
 * downloads are held to the checksums, so files of the same format work too (Fashion-MNIST). Sizes that 7 divides come
 * from the digit as it is; for all others it is padded with 2 black pixels on each side to 32x32 first. That is then
 * averaged over area or interpolated to the size.
 */
export const mnist: DatasetPlugin<{ readonly split: StringOption }> = defineDataset({
  apiVersion: 1,
  name: "mnist",
  description: "70,000 handwritten digits of 28x28",
  options: {
    split: {
      type: "string",
      description: "which of the two parts",
      default: "train",
      enum: ["train", "test"],
    } as StringOption,
  },
  open: openMnist,
});

async function openMnist(request: OpenRequest<{ readonly split: StringOption }>): Promise<Dataset> {
  const { size, channels = 1, options: { split } } = request;
  const [imageName, labelName] = files[split as keyof typeof files];
  const images = await readFile(imageName, 3, request);
  const labels = await readFile(labelName, 1, request);
  const [length = 0, height, width] = images.array.shape;
  if (length < 1 || height !== DIGIT || width !== DIGIT) {
    throw new DatasetError(
      `${images.path} must hold images of ${DIGIT}x${DIGIT}: found ${images.array.shape.join("x")}`,
    );
  }
  if (labels.array.shape[0] !== length) {
    throw new DatasetError(
      `${labels.path} must hold a label for each of the ${length} images: found ${labels.array.shape[0]}`,
    );
  }
  const unknown = labels.array.data.findIndex((digit) => digit > 9);
  if (unknown >= 0) {
    throw new DatasetError(
      `${labels.path} must hold digits from 0 to 9: found ${labels.array.data[unknown]} for image ${unknown}`,
    );
  }
  return {
    length,
    shape: [size, size, channels],
    labels: {
      digit: {
        classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
        at: (index) => labels.array.data[index]!,
      },
    },
    read(indices, into) {
      const each = size * size * channels;
      for (let i = 0; i < indices.length; i++) {
        into.set(drawDigit(images.array.data, indices[i]!, size, channels), i * each);
      }
    },
  };
}

function drawDigit(images: Uint8Array, index: number, size: number, channels: 1 | 3): Uint8Array {
  const digit = images.subarray(index * DIGIT * DIGIT, (index + 1) * DIGIT * DIGIT);
  const edge = size % 7 === 0 ? DIGIT : 32;
  let data = digit;
  if (edge !== DIGIT) {
    data = new Uint8Array(edge * edge);
    const margin = (edge - DIGIT) / 2;
    for (let y = 0; y < DIGIT; y++) {
      data.set(digit.subarray(y * DIGIT, (y + 1) * DIGIT), (y + margin) * edge + margin);
    }
  }
  return fitPicture({ width: edge, height: edge, channels: 1, data }, { size, channels }).data;
}

type FileContext = Pick<OpenRequest, "data" | "cacheDir"> & DownloadContext;

async function readFile(
  name: FileName,
  rank: number,
  context: FileContext,
): Promise<{ array: IdxArray; path: string }> {
  const { data, cacheDir, signal } = context;
  const folder = data ?? join(cacheDir, "mnist");
  let path = await findFile(folder, name);
  if (path === undefined) {
    if (data !== undefined) {
      throw new DatasetError(
        `The data of "mnist" must be a folder with ${name} or ${name}.gz: found neither in ${quote(data)}`,
      );
    }
    path = join(folder, `${name}.gz`);
    await download(
      { urls: mirrors.map((mirror) => `${mirror}${name}.gz`), path, sha256: checksums[name] },
      context,
    );
  }
  signal.throwIfAborted();
  const bytes = unpackGzip(await Deno.readFile(path), path);
  if (data === undefined && sha256Of(bytes) !== checksums[name]) {
    throw new DatasetError(
      `${path} must have SHA-256 ${checksums[name]} once unpacked: found ${
        sha256Of(bytes)
      }; remove it to download it again`,
    );
  }
  return { array: readIdx(bytes, rank, path), path };
}

async function findFile(folder: string, name: FileName): Promise<string | undefined> {
  for (const file of [name, `${name}.gz`]) {
    const path = join(folder, file);
    try {
      if ((await Deno.stat(path)).isFile) return path;
    } catch (cause) {
      const missing = cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
      if (!missing) throw new DatasetError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }
  return undefined;
}
