import { defineCifarSet } from "./cifar_set.ts";
import type { DatasetPlugin } from "../contract.ts";
import type { SplitOptions } from "./idx_set.ts";

/**
 * CIFAR-10: 60,000 photos of 32x32 pixels, with the label `class`. The data is the archive of the binary
 * version or of the one for Python, or a folder with it or with its files. The checksum is the one that
 * TensorFlow Datasets publishes.
 */
export const cifar10: DatasetPlugin<SplitOptions> = defineCifarSet({
  name: "cifar10",
  description: "60,000 photos of 32x32 in ten classes",
  labels: {
    class: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
  },
  folder: "cifar-10-batches-bin",
  parts: {
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: ["test_batch.bin"],
  },
  python: { folder: "cifar-10-batches-py", labels: ["labels"] },
  archive: {
    urls: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
    size: 170_052_171,
    sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
  },
});
