import { celeba } from "./celeba.ts";
import { cifar10 } from "./cifar10.ts";
import { cifar100 } from "./cifar100.ts";
import type { DatasetPlugin } from "../contract.ts";
import { faces } from "./faces.ts";
import { fashionMnist } from "./fashion_mnist.ts";
import { folder } from "./folder.ts";
import { huggingface } from "./huggingface.ts";
import { kmnist } from "./kmnist.ts";
import { mnist } from "./mnist.ts";
import { npy } from "./npy.ts";
import { stackedMnist } from "./stacked_mnist.ts";
import { webdataset } from "./webdataset.ts";

/** The datasets that come with the module, by name. */
export const builtInDatasets: Readonly<Record<string, DatasetPlugin>> = {
  faces,
  mnist,
  "fashion-mnist": fashionMnist,
  kmnist,
  "stacked-mnist": stackedMnist,
  cifar10,
  cifar100,
  celeba,
  folder,
  webdataset,
  huggingface,
  npy,
};
