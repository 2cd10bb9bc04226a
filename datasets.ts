/**
 * Datasets of images for training, and the contract for your own datasets.
 *
 * Built in are `faces` (drawn by code, nothing to download), well-known datasets (`mnist`, `fashion-mnist`,
 * `kmnist`, `stacked-mnist`, `cifar10`, `cifar100`, `celeba`), and formats (`folder` for a folder, zip or tar
 * of pictures, `webdataset`, `huggingface`, `npy`). Others are plugins: a module whose default export is an
 * object with a name and an `open` function.
 *
 * @example Read from a built-in dataset
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 64 });
 * const images = new Uint8Array(3 * 64 * 64 * 3); // 3 images, NHWC, levels from 0 to 255
 * await faces.read([5, 17, 99_999], images);
 * const { hair_style } = faces.labels;
 * assert(hair_style?.classes?.[hair_style.at(5)] !== undefined);
 * ```
 *
 * @example Write a dataset
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checkPlugin, type DatasetPlugin } from "@x/dcgan/datasets";
 *
 * // In a file of its own this is what follows `export default`
 * const gray = {
 *   apiVersion: 1,
 *   name: "gray",
 *   open: ({ width, height }) => ({
 *     length: 256,
 *     shape: [height, width, 1],
 *     read(indices, into) {
 *       const each = width * height;
 *       for (let i = 0; i < indices.length; i++) into.fill(indices[i]!, i * each, (i + 1) * each);
 *     },
 *   }),
 * } satisfies DatasetPlugin;
 * assertEquals(checkPlugin(gray, "gray.ts").name, "gray");
 * ```
 *
 * @module
 */
import "./src/host/on_native.ts";

export * from "./plugins/datasets/mod.ts";
