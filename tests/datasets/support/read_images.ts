import type { OpenDataset } from "../../../plugins/datasets/mod.ts";

/** Reads images one after the other into one array. */
export async function readImages(dataset: OpenDataset, indices: readonly number[]): Promise<Uint8Array> {
  const [height, width, channels] = dataset.shape;
  const into = new Uint8Array(indices.length * height * width * channels);
  await dataset.read(indices, into);
  return into;
}
