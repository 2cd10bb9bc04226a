import type { DatasetPlugin } from "../contract.ts";
import { defineIdxSet, type SplitOptions } from "./idx_set.ts";

/**
 * Kuzushiji-MNIST: 60,000 handwritten Japanese characters to train on and 10,000 to test with, white on
 * black, 28x28, with the label `character`.
 *
 * The checksums are those that TensorFlow Datasets publishes.
 */
export const kmnist: DatasetPlugin<SplitOptions> = defineIdxSet({
  name: "kmnist",
  description: "70,000 handwritten Japanese characters of 28x28",
  homepage: "http://codh.rois.ac.jp/kmnist/",
  license: "CC BY-SA 4.0; ROIS-DS Center for Open Data in the Humanities",
  label: "character",
  classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
  servers: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
  files: [
    { size: 18_165_135, sha256: "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4" },
    { size: 29_497, sha256: "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17" },
    { size: 3_041_136, sha256: "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5" },
    { size: 5120, sha256: "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c" },
  ],
});
