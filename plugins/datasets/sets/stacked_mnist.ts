import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  type NumberOption,
  type OpenRequest,
  type PluginOption,
  type StringOption,
} from "../contract.ts";
import { hash } from "../hash.ts";
import { idxFiles, padded, paddedEdge, readIdxPart, splitOption } from "./idx_set.ts";
import { mnistSet } from "./mnist.ts";
import { rawDataset } from "./raw_images.ts";

const NAME = "stacked-mnist";
/** The channels, and the labels of their digits. */
const COLORS = ["red", "green", "blue"] as const;
const CHANNELS = COLORS.length;

/** The options of {@linkcode stackedMnist}. */
export interface StackedMnistOptions extends Record<string, PluginOption> {
  /** Which part of MNIST the digits come from. */
  readonly split: StringOption;
  /** Number of pictures. */
  readonly length: NumberOption;
  /** Seed of the choice of digits. */
  readonly seed: NumberOption;
}

/**
 * Stacked MNIST: three random digits of MNIST as the red, green and blue of each picture, so that there are
 * 1,000 modes to cover (Metz et al. 2017, "Unrolled GANs"; Srivastava et al. 2017, "VEEGAN"). There are
 * 128,000 pictures unless `length` says otherwise, as in Lin et al. 2018, "PacGAN". The labels `red`, `green`
 * and `blue` are the digits.
 *
 * Which digits a picture takes is a pure function of the seed and its index. Pictures are put together as
 * they are read, from the files of `mnist`, in the sizes of `mnist`.
 */
export const stackedMnist: DatasetPlugin<StackedMnistOptions> = defineDataset<StackedMnistOptions>({
  apiVersion: 1,
  name: NAME,
  description: "three digits of MNIST in the channels of each picture: 1,000 modes",
  homepage: mnistSet.homepage,
  license: mnistSet.license,
  files: idxFiles(mnistSet),
  options: {
    split: splitOption,
    length: {
      type: "integer",
      description: "number of pictures",
      default: 128_000,
      minimum: 1,
      maximum: 2 ** 31 - 1,
    },
    seed: {
      type: "integer",
      description: "seed of the choice of digits",
      default: 0,
      minimum: 0,
      maximum: 2 ** 32 - 1,
    },
  },
  open: openStackedMnist,
});

async function openStackedMnist(request: OpenRequest<StackedMnistOptions>): Promise<Dataset> {
  const { size, channels = CHANNELS, options: { split, length, seed } } = request;
  if (channels !== CHANNELS) {
    throw new DatasetError(
      `The channels of ${NAME} must be 3, one a digit, found ${channels}. Leave out --channels, or train on mnist`,
    );
  }
  const digits = await readIdxPart(mnistSet, { ...request, options: { split } }, NAME);
  const digitAt = (index: number, channel: number) =>
    Math.floor(hash(seed, index, channel) / 2 ** 32 * digits.length);
  const edge = paddedEdge(size);
  return rawDataset(request, {
    length,
    width: edge,
    height: edge,
    channels: CHANNELS,
    pixels: (index) => {
      const planes = [0, 1, 2].map((channel) => digits.image(digitAt(index, channel)));
      return padded(interleave(planes), edge, CHANNELS);
    },
    labels: Object.fromEntries(
      COLORS.map((color, channel) => [
        color,
        { classes: mnistSet.classes, at: (index: number) => digits.labelOf(digitAt(index, channel)) },
      ]),
    ),
  });
}

/** Pictures of one channel as the channels of one picture. */
function interleave(planes: readonly Uint8Array[]): Uint8Array {
  const picture = new Uint8Array(planes[0]!.length * planes.length);
  for (const [channel, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) {
      picture[pixel * planes.length + channel] = plane[pixel]!;
    }
  }
  return picture;
}
