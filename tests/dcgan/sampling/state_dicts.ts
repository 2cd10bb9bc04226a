import type { TensorData } from "../../../src/nn/mod.ts";

/** A state dict. */
export type Dict = Map<string, TensorData>;

/** Options of small networks. */
export const SMALL = {
  size: 64,
  channels: 3,
  ngf: 2,
  ndf: 2,
  latent: 5,
  firstLayer: "transposed",
  upsampling: "transposed",
} as const;

const { ndf: _, ...generator } = SMALL;

/** The same without the discriminator. */
export const SMALL_GENERATOR = generator;

/** Tensors by their shapes alone. */
export const shapes = (names: Record<string, number[]>) =>
  new Map(Object.entries(names).map(([name, shape]) => [name, { shape }]));

/** A generator by names and shapes, as in PyTorch's example. */
export const G = shapes({
  "main.0.weight": [5, 8, 4, 4],
  "main.1.weight": [8],
  "main.3.weight": [8, 4, 4, 4],
  "main.4.weight": [4],
  "main.6.weight": [4, 3, 4, 4],
});

/** A discriminator in the same form. */
export const D = shapes({
  "main.0.weight": [4, 3, 4, 4],
  "main.2.weight": [8, 4, 4, 4],
  "main.3.weight": [8],
  "main.5.weight": [1, 8, 4, 4],
});

/** Tensors under other names. */
export function renamed<T>(
  tensors: ReadonlyMap<string, T>,
  rename: (name: string) => string,
): Map<string, T> {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
}
