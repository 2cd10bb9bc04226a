/**
 * All of this package that runs in a page: tensors, networks, training with run folders, sampling. Files are in
 * the private file system of the page's origin, or in memory with {@linkcode memoryHost}.
 *
 * @example Train in a page, with files in memory
 * ```ts ignore
 * import { host, memoryHost, openDevice, sample, setHost, train } from "@x/dcgan/web";
 *
 * setHost(memoryHost());
 * using device = await openDevice();
 * for await (const event of train(device, { data: "faces", size: 32, steps: 500, out: "/run" })) {
 *   if (event.type === "metrics") console.log(event.step, event.generatorLoss);
 * }
 * await sample(device, "/run", { count: 64, out: "/faces.png" });
 * const png = await host().readFile("/faces.png");
 * ```
 *
 * @module
 */
import "./src/host/on_browser.ts";

export * from "./src/exports/gpu.ts";
export * from "./src/exports/nn.ts";
export * from "./src/exports/dcgan.ts";
export * from "./src/exports/explore.ts";

// Files
export { memoryHost, privateHost } from "./src/host/browser.ts";
export {
  type Codecs,
  type DirEntry,
  type FileInfo,
  type FileProblem,
  type Host,
  host,
  type HostFile,
  type HostFiles,
  type HostPaths,
  type Imagescript,
  type ImagescriptFrame,
  type OpenOptions,
  type PackedFormat,
  type SeekFrom,
  setHost,
  type Sha256,
  UnpackError,
  type UnpackOptions,
} from "./src/host/host.ts";

// Datasets
export { type DatasetPlugin, defineDataset } from "./plugins/datasets/mod.ts";
