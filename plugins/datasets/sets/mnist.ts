import type { DatasetPlugin } from "../contract.ts";
import { defineIdxSet, type IdxSet, type SplitOptions } from "./idx_set.ts";

/** The files of MNIST. Servers pack them differently, so checksums are those of what is in them. */
export const mnistSet: IdxSet = {
  name: "mnist",
  description: "70,000 handwritten digits of 28x28",
  homepage: "http://yann.lecun.com/exdb/mnist/",
  license: "CC BY-SA 3.0; LeCun, Cortes and Burges",
  label: "digit",
  classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  servers: [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
  ],
  files: [
    { contentSha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db" },
    { contentSha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5" },
    { contentSha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7" },
    { contentSha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2" },
  ],
};

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test with, white on black, 28x28, with the label
 * `digit`.
 */
export const mnist: DatasetPlugin<SplitOptions> = defineIdxSet(mnistSet);
