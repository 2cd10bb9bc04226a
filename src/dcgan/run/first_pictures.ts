import { createHash } from "node:crypto";
import { DatasetError, type OpenDataset } from "../../../plugins/datasets/mod.ts";
import { Batches } from "../batches/batches.ts";
import type { TrainConfig } from "../options/config.ts";

/** Pictures that tell one dataset from another of as many. */
const COMPARED = 64;

/** The first pictures of a run, in the order in which its steps get them. */
export interface FirstPictures {
  /** A checksum of the first 64 of them, or of all if there are fewer. */
  readonly fingerprint: string;
  /** As many as `real.png` shows, one after the other; undefined if there is no memory for them. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads the first pictures of a run: a resumed run recognizes its dataset by them, wherever it is now.
 *
 * @throws {DatasetError} if they cannot be read.
 */
export async function readFirstPictures(
  dataset: OpenDataset,
  { samples, seed }: Pick<TrainConfig, "samples" | "seed">,
  signal?: AbortSignal,
): Promise<FirstPictures> {
  const compared = Math.min(COMPARED, dataset.length);
  const each = dataset.shape.reduce((product, extent) => product * extent);
  const shown = Math.min(samples, dataset.length);
  let bytes: Uint8Array | undefined;
  try {
    bytes = await new Batches(dataset, Math.max(shown, compared), seed).read(0, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DatasetError || shown <= compared) throw error;
  }
  const first = bytes ?? await new Batches(dataset, compared, seed).read(0, signal);
  const hash = createHash("sha256").update(JSON.stringify(dataset.shape));
  hash.update(first.subarray(0, compared * each));
  return { fingerprint: hash.digest("hex").slice(0, 32), bytes: bytes?.subarray(0, shown * each) };
}
