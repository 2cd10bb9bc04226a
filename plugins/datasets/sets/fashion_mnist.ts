import type { DatasetPlugin } from "../contract.ts";
import { defineIdxSet, type SplitOptions } from "./idx_set.ts";

/**
 * Fashion-MNIST: 60,000 pictures of clothes to train on and 10,000 to test with, 28x28 in gray, with the
 * label `class`.
 *
 * The checksums are those that TensorFlow Datasets publishes.
 */
export const fashionMnist: DatasetPlugin<SplitOptions> = defineIdxSet({
  name: "fashion-mnist",
  description: "70,000 gray pictures of clothes, 28x28",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  license: "MIT; Zalando SE",
  label: "class",
  classes: "T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot".split(", "),
  servers: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  files: [
    { size: 26_421_880, sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84" },
    { size: 29_515, sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845" },
    { size: 4_422_102, sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073" },
    { size: 5148, sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5" },
  ],
});
