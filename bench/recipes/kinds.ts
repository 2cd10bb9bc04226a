import { fileURLToPath } from "node:url";
import { openDataset } from "../../plugins/datasets/mod.ts";
import { type Channels, encodePng } from "../../src/pictures/mod.ts";
import { writeLandscapes } from "./landscapes.ts";

/** Real data beside the repository. */
const SHARED = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** A kind of folder that people have. */
export interface Kind {
  /** What it is called. */
  readonly name: string;
  /** What it holds. */
  readonly about: string;
  /** Whether what it is made of is there. */
  readonly exists: () => Promise<boolean>;
  /** Makes it, if it is not there yet. */
  readonly make: (folder: string) => Promise<void>;
}

const always = () => Promise.resolve(true);
const isThere = (path: string) => () => Deno.stat(path).then(() => true, () => false);

/** The kinds, by what is hard about them. */
export const KINDS: readonly Kind[] = [
  {
    name: "landscapes",
    about: "400 drawn landscapes of 96x96",
    exists: always,
    make: (to) => writeLandscapes(to, 400),
  },
  {
    name: "faces",
    about: "800 drawn faces of 64x64",
    exists: always,
    make: (to) => write(to, 800, "faces", 64),
  },
  {
    name: "cats",
    about: "400 photos of cats of 32x32 (CIFAR-10)",
    exists: isThere(`${SHARED}/cifar10-jpeg.zip`),
    make: (to) => write(to, 400, `${SHARED}/cifar10-jpeg.zip`, 32, { within: "train/cat" }),
  },
  {
    name: "photos",
    about: "800 photos of ten classes of 32x32 (CIFAR-10)",
    exists: isThere(`${SHARED}/cifar10-jpeg.zip`),
    make: (to) => write(to, 800, `${SHARED}/cifar10-jpeg.zip`, 32, { within: "train" }),
  },
  {
    name: "digits",
    about: "800 handwritten digits of 28x28 (MNIST)",
    exists: isThere(`${SHARED}/mnist`),
    make: (to) => write(to, 800, "mnist", 28, {}, `${SHARED}/mnist`),
  },
];

/** Writes pictures of a dataset as PNG files, evenly chosen from all of them. */
async function write(
  folder: string,
  count: number,
  name: string,
  size: number,
  options: Record<string, string> = {},
  data?: string,
): Promise<void> {
  await using dataset = await openDataset(name, { size, options, ...(data === undefined ? {} : { data }) });
  const [height, width, channels] = dataset.shape;
  const each = height * width * channels;
  const pixels = new Uint8Array(count * each);
  await dataset.read(Array.from({ length: count }, (_, i) => Math.floor(i * dataset.length / count)), pixels);
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const picture = {
      width,
      height,
      channels: channels as Channels,
      data: pixels.slice(i * each, (i + 1) * each),
    };
    await Deno.writeFile(`${folder}/${String(i).padStart(4, "0")}.png`, await encodePng(picture));
  }
}
