import { host } from "../host/host.ts";
import { readFullAsync } from "./read_full.ts";
import { PREFIX } from "./safetensors_head.ts";
import { readSafetensors, type Safetensors } from "./safetensors.ts";
import { isTorchFile } from "./torch/is_torch_file.ts";
import { readTorchFile } from "./torch/torch_file.ts";

/** Bytes at the beginning of a file that tell what it is. */
const HEAD = 2 ** 16;

/** What of a `.pt` file stands for the metadata of safetensors. */
const METADATA: readonly string[] = ["size", "classes", "latent_distribution"];

/** Weights in a file, and what the file says besides. */
export interface WeightsFile extends Safetensors {
  /** Numbers, texts and truths that a `.pt` file holds, by name, such as `epoch`. */
  readonly values: ReadonlyMap<string, number | string | boolean>;
}

/**
 * Reads weights from a safetensors file, or from one of `torch.save`: the content tells which, whatever its
 * name.
 *
 * @throws {SyntaxError} as {@linkcode readSafetensors} and {@linkcode readTorchFile} do.
 */
export async function readWeights(path: string | URL): Promise<WeightsFile> {
  if (!await isTorchFileAt(path)) return { ...await readSafetensors(path), values: new Map() };
  const { tensors, values } = await readTorchFile(path);
  const metadata = METADATA.flatMap((name) => values.has(name) ? [[name, `${values.get(name)}`]] : []);
  return { tensors, values, metadata: Object.fromEntries(metadata) };
}

async function isTorchFileAt(path: string | URL): Promise<boolean> {
  using file = await host().open(path);
  const { size, isFile } = await file.stat();
  if (!isFile) return false;
  const head = new Uint8Array(Math.min(size, HEAD));
  const start = head.subarray(0, await readFullAsync(file, head));
  // The length of a safetensors header, 1,152 bytes say, may begin as a pickle does; then a brace follows
  return start[PREFIX] !== 0x7b && isTorchFile(start);
}
