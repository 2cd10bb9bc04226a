/** Datasets and their contract, for the other parts of this module; `datasets.ts` is the entry point. */

// Opening
export { openDataset, type OpenDatasetOptions } from "./opening/open.ts";
export { type OpenDataset } from "./opening/checked_dataset.ts";
export { resolveDataset, type ResolveDatasetOptions, type ResolvedDataset } from "./opening/resolve.ts";
export { checkPlugin } from "./opening/check_plugin.ts";
export { describeOption, isAllowed, readOptionText, readPluginOptions } from "./opening/plugin_options.ts";
export { namesModule } from "./opening/names_module.ts";

// The contract of plugins
export {
  type BooleanOption,
  type Dataset,
  DATASET_API_VERSION,
  DatasetError,
  type DatasetErrorKind,
  type DatasetPlugin,
  type DatasetProgress,
  defineDataset,
  type Labels,
  type NumberOption,
  type OpenRequest,
  type PluginOption,
  type PluginOptions,
  type PluginOptionValue,
  type PluginOptionValues,
  type RemoteFile,
  type SkippedPicture,
  type StringOption,
} from "./contract.ts";

// Images
export { type Channels, type ImageSize } from "../../src/pictures/mod.ts";

// Built-in datasets
export { builtInDatasets } from "./sets/built_in.ts";
export { celeba, type CelebaOptions } from "./sets/celeba.ts";
export { cifar10 } from "./sets/cifar10.ts";
export { cifar100 } from "./sets/cifar100.ts";
export { faces, type FacesOptions } from "./sets/faces.ts";
export { fashionMnist } from "./sets/fashion_mnist.ts";
export { type SplitOptions } from "./sets/idx_set.ts";
export { kmnist } from "./sets/kmnist.ts";
export { mnist } from "./sets/mnist.ts";
export { stackedMnist, type StackedMnistOptions } from "./sets/stacked_mnist.ts";

// Formats
export { folder, type FolderOptions } from "./sets/folder.ts";
export { huggingface, type HuggingfaceOptions } from "./sets/huggingface.ts";
export { npy, type NpyOptions } from "./sets/npy.ts";
export { webdataset, type WebdatasetOptions } from "./sets/webdataset.ts";
export { type PictureOptions } from "./decoding/picture_options.ts";

// Files of datasets
export { type FetchContext, fetchFile } from "./remote/fetch_file.ts";
export { type DownloadContext } from "./remote/download.ts";
export { type FileState, verifyFiles } from "./remote/verify_files.ts";
export { cacheDir } from "./remote/cache_dir.ts";

// Tools
export { newDataset, type NewDatasetImports, ownImports } from "./tools/new_dataset.ts";
export { packDataset, type PackDatasetOptions } from "./tools/pack.ts";
export { previewDataset, type PreviewDatasetOptions } from "./tools/preview.ts";
