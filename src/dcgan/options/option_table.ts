/**
 * The one table of a training run's options, from which checks, defaults, help and the command line's flags are all
 * made.
 *
 * @module
 */
import { choice, integer, keptCount, number, record, serverUrl, text, toggle } from "./option.ts";
import type { OptionTable } from "./option_marks.ts";
import type { ImageSize, OptionName } from "./options.ts";

/** Largest number that counts something in a run: 32 bits count steps on the GPU. */
const MOST = 2 ** 31 - 1;

/** What is allowed, shown and taken by default, for every option, and what becomes of it. */
export const optionTable: OptionTable = {
  data: {
    ...text("the name of a dataset, a folder or zip of pictures, or a plugin's path or specifier"),
    group: "Data",
    value: "name or path",
    summary: "built-in dataset, folder or zip of pictures, or dataset plugin",
    default: "faces",
    resumable: true,
  },
  dataRoot: {
    ...text("the path of a folder or file"),
    group: "Data",
    value: "path",
    summary: "folder or file that holds the dataset's data",
    otherwise: "the dataset's own cache",
    resumable: true,
    optional: true,
  },
  dataOptions: {
    ...record(),
    group: "Data",
    summary: "options of the dataset itself",
    default: {},
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
    summary: "use only earlier downloads, never the network",
    default: false,
    resumable: true,
    passing: true,
  },
  size: {
    ...choice<ImageSize>([14, 16, 28, 32, 56, 64, 112, 128, 224, 256, 448, 512]),
    group: "Data",
    value: "pixels",
    summary: "image width and height in pixels: 4 x 2^n or 7 x 2^n",
    default: 64,
  },
  channels: {
    ...choice<1 | 3>([1, 3]),
    group: "Data",
    value: "count",
    summary: "channels of an image: 1 for gray, 3 for color",
    otherwise: "what the dataset has",
  },
  flip: {
    ...toggle(),
    group: "Data",
    summary: "flip each image left to right with probability 1/2, drawn anew in each step",
    default: false,
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
  ngf: {
    ...integer(1, 4096),
    group: "Networks",
    value: "maps",
    summary: "feature maps of the generator's last hidden layer",
    default: 64,
  },
  ndf: {
    ...integer(1, 4096),
    group: "Networks",
    value: "maps",
    summary: "feature maps of the discriminator's first layer",
    default: 64,
  },
  latent: {
    ...integer(1, 65536),
    group: "Networks",
    value: "length",
    summary: "length of the latent vector",
    default: 100,
  },
  latentDistribution: {
    ...choice(["normal", "uniform"]),
    group: "Networks",
    value: "name",
    summary: "distribution of the latent: N(0, 1), or uniform on [-1, 1]",
    default: "normal",
  },
  firstLayer: {
    ...choice(["transposed", "project"]),
    group: "Networks",
    value: "kind",
    summary: "generator's first layer: transposed convolution, or the paper's dense projection",
    default: "transposed",
  },
  upsampling: {
    ...choice(["transposed", "nearest"]),
    group: "Networks",
    value: "kind",
    summary: "generator upsampling: transposed convolution, or nearest neighbor followed by a convolution",
    default: "transposed",
  },
  batch: {
    ...integer(1, 65536),
    group: "Training",
    value: "images",
    summary: "images in one step",
    default: 64,
  },
  steps: {
    ...integer(1, MOST),
    group: "Training",
    value: "count",
    summary: "steps to train",
    default: 1000,
    resumable: true,
  },
  epochs: {
    ...number({ above: 0, to: 1e6 }),
    group: "Training",
    value: "count",
    summary: "passes over the dataset to train, instead of --steps",
    otherwise: "use --steps",
    resumable: true,
    passing: true,
  },
  seed: {
    ...integer(0, 2 ** 32 - 1),
    group: "Training",
    value: "number",
    summary: "seed of all random numbers",
    default: 1,
  },
  loss: {
    ...choice(["non-saturating", "minimax"]),
    group: "Training",
    value: "name",
    summary: "generator's loss: -log D(G(z)), or log(1 - D(G(z)))",
    default: "non-saturating",
  },
  learningRate: {
    ...number({ above: 0, to: 1 }),
    group: "Training",
    value: "rate",
    summary: "Adam's learning rate",
    default: 2e-4,
    resumable: true,
  },
  beta1: {
    ...number({ from: 0, below: 1 }),
    group: "Training",
    value: "rate",
    summary: "Adam's decay of the mean of gradients",
    default: 0.5,
  },
  beta2: {
    ...number({ from: 0, below: 1 }),
    group: "Training",
    value: "rate",
    summary: "Adam's decay of the mean of squared gradients",
    default: 0.999,
  },
  precision: {
    ...choice(["f32", "f16"]),
    group: "Training",
    value: "type",
    summary: "storage type of activations: f32, or f16 if the adapter supports it",
    default: "f32",
  },
  out: {
    ...text("the path of a folder"),
    group: "Run folder",
    value: "folder",
    summary: "folder for config, metrics, samples and checkpoints",
    otherwise: "the first free runs/<data>-<n>",
  },
  resume: {
    ...text("the path of a run folder"),
    group: "Run folder",
    value: "run",
    summary:
      "resume a run from its latest checkpoint with its saved config; you may raise --steps, and must give " +
      "--data again if it is a module",
    otherwise: "a new run",
    passing: true,
  },
  step: {
    ...integer(0, MOST),
    group: "Run folder",
    value: "number",
    summary: "with --resume: continue from the checkpoint of this step; later ones are set aside",
    otherwise: "the latest",
    passing: true,
  },
  sampleEvery: {
    ...integer(0, MOST),
    group: "Run folder",
    value: "steps",
    summary: "steps between grids of samples; 0: only at the end",
    otherwise: "after 1, 4, 16, ... steps, then about twenty over the run",
    resumable: true,
    optional: true,
  },
  samples: {
    ...integer(1, 4096),
    group: "Run folder",
    value: "images",
    summary: "images in each grid of samples",
    default: 64,
  },
  checkpointEvery: {
    ...integer(0, MOST),
    group: "Run folder",
    value: "steps",
    summary: "steps between checkpoints; 0: only at the end",
    default: 500,
    resumable: true,
  },
  logEvery: {
    ...number({ from: 0, to: 86400 }),
    group: "Run folder",
    value: "seconds",
    summary: "seconds between readings of the metrics",
    default: 1,
    resumable: true,
  },
  scoreEvery: {
    ...integer(0, MOST),
    group: "Run folder",
    value: "steps",
    summary: "steps between scores of the samples; 0: none",
    otherwise: "as often as takes less than 3 % of the time, and at the end",
    resumable: true,
    optional: true,
  },
  scoreBy: {
    ...choice(["swd", "frechet"]),
    group: "Run folder",
    value: "name",
    summary: "score that decides the best checkpoint: of patches, or of a classifier's features",
    default: "swd",
  },
  keep: {
    ...keptCount(),
    group: "Run folder",
    value: "count",
    summary: "checkpoints to keep, or all; the one with the best score is kept besides",
    default: 5,
    resumable: true,
  },
  stopWhenFlat: {
    ...integer(0, 1000),
    group: "Run folder",
    value: "scores",
    summary: "end the run once this many scores in a row are no better; 0: never",
    default: 0,
    resumable: true,
  },
  tune: {
    ...toggle(),
    group: "Training",
    summary:
      "time every variant of each kernel before training, use the fastest, and save them for later runs",
    opposite: "ignore tuned kernels and use the defaults",
    otherwise: "tuned kernels of an earlier run, if any",
    passing: true,
  },
  profile: {
    ...toggle(),
    group: "Run folder",
    summary: "time every kernel in steps 3 to 12, show a table, and write profile.json",
    default: false,
    resumable: true,
    passing: true,
  },
};

/** Names of all options, in the order of the table. */
export const optionNames: readonly OptionName[] = Object.keys(optionTable) as OptionName[];

/** Whether a run may change an option when it is resumed. */
export function isResumable(name: string): boolean {
  return Object.hasOwn(optionTable, name) && optionTable[name as OptionName].resumable === true;
}
