import type { Tensor } from "../../../src/gpu/mod.ts";

/** The elements of each tensor. */
export async function values(tensors: readonly Tensor[]): Promise<number[][]> {
  const read = await tensors[0]!.device.read(tensors);
  return read.map((array) => [...array]);
}
