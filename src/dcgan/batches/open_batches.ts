import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { Device, Peers } from "../../gpu/mod.ts";
import type { BatchSource } from "./batch_source.ts";
import type { TrainConfig } from "../options/config.ts";
import { ownShards } from "../ranks/own_shards.ts";
import { ResidentPictures } from "./resident_pictures.ts";
import { StreamedPictures } from "./streamed_pictures.ts";
import type { BatchConfig } from "./uploaded_pictures.ts";

/** Most bytes that a dataset takes on the GPU by default. */
const DEFAULT_BYTES = 2 ** 30;

/**
 * The batches of a dataset: from the GPU if all of its images fit `gpuDataMemory` (MiB) and one buffer of the
 * adapter, else uploaded step by step. Both give the same batches. Without `gpuDataMemory`, 1 GiB is allowed. One of
 * several ranks reads only the pictures of its shards.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBatches, openDevice, resolveConfig, Trainer } from "@x/dcgan";
 * import { openDataset } from "@x/dcgan/datasets";
 *
 * using device = await openDevice();
 * const config = resolveConfig({ size: 16, ngf: 8, ndf: 8, batch: 4, flip: true });
 * await using faces = await openDataset("faces", { size: 16, options: { length: 100 } });
 * using batches = openBatches(device, faces, config);
 * using trainer = new Trainer(device, config, batches);
 * for (let step = 0; step < 3; step++) await trainer.next();
 * assertEquals((await trainer.metrics()).length, 3);
 * ```
 */
export function openBatches(
  device: Device,
  dataset: OpenDataset,
  config: BatchConfig & Pick<TrainConfig, "gpuDataMemory">,
  signal?: AbortSignal,
  ranks?: Pick<Peers, "rank" | "size">,
): BatchSource {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.adapter.limits;
  const allowed = config.gpuDataMemory === undefined ? DEFAULT_BYTES : config.gpuDataMemory * 2 ** 20;
  const bytes = dataset.shape.reduce((product, extent) => product * extent, dataset.length);
  const fits = bytes <= Math.min(allowed, maxBufferSize, maxStorageBufferBindingSize);
  const Source = fits ? ResidentPictures : StreamedPictures;
  return new Source(device, dataset, config, { signal, shards: ownShards(config, ranks) });
}
