/**
 * Datasets of images for training, and the contract for datasets of one's own.
 *
 * Built in are `faces` (drawn by code, nothing to download), sets that everybody knows (`mnist`, `fashion-mnist`, `kmnist`,
 * `cifar10`, `cifar100`, `celeba`), and formats (`folder` for a folder, zip or tar of pictures, `webdataset`,
 * `huggingface`, `npy`). Others are plugins: a module whose default export is an object with a name and an `open` function.
 *
 * @example Read from a built-in dataset
 * ```ts
 * import { openDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 64 });
 * const images = new Uint8Array(3 * 64 * 64 * 3); // 3 images, NHWC, levels from 0 to 255
 * await faces.read([5, 17, 99_999], images);
 * const { hair_style } = faces.labels;
 * console.log(hair_style?.classes?.[hair_style.at(5)]);
 * ```
 *
 * @example Write a dataset
 * ```ts
 * import { checkPlugin, type DatasetPlugin } from "@x/dcgan/datasets";
 *
 * // In a file of its own this is what follows `export default`
 * const grey = {
 *   apiVersion: 1,
 *   name: "grey",
 *   open: ({ size }) => ({
 *     length: 256,
 *     shape: [size, size, 1],
 *     read(indices, into) {
 *       for (let i = 0; i < indices.length; i++) into.fill(indices[i]!, i * size * size, (i + 1) * size * size);
 *     },
 *   }),
 * } satisfies DatasetPlugin;
 * console.log(checkPlugin(grey, "grey.ts").name); // grey
 * ```
 *
 * @module
 */
export * from "./contract.ts";
export { previewDataset, type PreviewDatasetOptions } from "./preview.ts";
export { packDataset, type PackDatasetOptions } from "./pack.ts";
export { newDataset, type NewDatasetImports, ownImports } from "./new_dataset.ts";
export { type FileState, verifyFiles } from "./remote/verify_files.ts";
export { cacheDir } from "./remote/cache_dir.ts";
export { checkPlugin } from "./check_plugin.ts";
export type { OpenDataset } from "./checked_dataset.ts";
export { openDataset, type OpenDatasetOptions } from "./open.ts";
export { describeOption, isAllowed, readOptionText, readPluginOptions } from "./plugin_options.ts";
export { builtInDatasets } from "./built_in.ts";
export { namesModule } from "./names_module.ts";
export { resolveDataset, type ResolveDatasetOptions, type ResolvedDataset } from "./resolve.ts";
export { faces, type FacesOptions } from "./faces.ts";
export { folder, type FolderOptions } from "./folder.ts";
export type { PictureOptions } from "./picture_dataset.ts";
export { mnist } from "./mnist.ts";
export { fashionMnist } from "./fashion_mnist.ts";
export { kmnist } from "./kmnist.ts";
export type { SplitOptions } from "./idx_set.ts";
export { cifar10 } from "./cifar10.ts";
export { cifar100 } from "./cifar100.ts";
export { celeba, type CelebaOptions } from "./celeba.ts";
export { webdataset, type WebdatasetOptions } from "./webdataset.ts";
export { huggingface, type HuggingfaceOptions } from "./huggingface.ts";
export { npy, type NpyOptions } from "./npy.ts";
export { type FetchContext, fetchFile } from "./remote/fetch_file.ts";
export type { DownloadContext } from "./remote/download.ts";
