import { BASES } from "../../networks/architecture.ts";
import { choice, integer, nameOrToggle } from "../option.ts";
import type { OptionTable } from "../option_marks.ts";

/** Options of the networks. */
export const networkOptions: Pick<
  OptionTable,
  | "base"
  | "kernel"
  | "ngf"
  | "ndf"
  | "maxMaps"
  | "latent"
  | "latentDistribution"
  | "firstLayer"
  | "upsampling"
  | "pack"
  | "dNorm"
  | "gNorm"
  | "conditional"
> = {
  base: {
    ...integer(BASES.least, BASES.most),
    group: "Networks",
    value: "pixels",
    summary: "shorter side of the generator's first maps: the fewer, the more layers",
    otherwise: "4 to 7, by the size",
    optional: true,
  },
  kernel: {
    ...choice([4, 5]),
    group: "Networks",
    value: "side",
    summary: "kernels of convolutions with a stride: 4x4, or 5x5 as in the paper's code",
    default: 4,
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
  maxMaps: {
    ...integer(1, 65536),
    group: "Networks",
    value: "maps",
    summary: "feature maps of a layer at most",
    otherwise: "no limit",
    optional: true,
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
  pack: {
    ...integer(1, 64),
    group: "Networks",
    value: "images",
    summary:
      "images that the discriminator judges at once, against samples that are alike; divides the batch",
    default: 1,
  },
  dNorm: {
    ...choice(["batch", "none", "spectral"]),
    group: "Networks",
    value: "kind",
    summary:
      "discriminator's normalization: batch norm, spectral norm of all weights (with biases), or none (with biases " +
      "and He-normal weights)",
    default: "batch",
  },
  gNorm: {
    ...choice(["batch", "none"]),
    group: "Networks",
    value: "kind",
    summary: "generator's normalization: batch norm, or none, with biases",
    default: "batch",
  },
  conditional: {
    ...nameOrToggle("true, false or the name of a label"),
    group: "Networks",
    value: "label",
    alone: true,
    summary: "tell the networks the class of each image; with several labels, name one",
    default: false,
  },
};
