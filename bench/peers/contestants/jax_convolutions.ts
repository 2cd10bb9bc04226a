import { lax, numpy as np } from "@jax-js/jax";

/** Takes `[batch, inputs, h, w]` and a weight in PyTorch's shape. */
export type Convolve = (x: np.Array, weight: np.Array, stride: number, padding: number) => np.Array;

/** A convolution and a transposed convolution. */
export interface Convolutions {
  /** Weight `[outputs, inputs, k, k]`. */
  readonly plain: Convolve;
  /** Weight `[inputs, outputs, k, k]`. */
  readonly transposed: Convolve;
}

/** The library's own: transposed convolutions, and so the gradients of strided ones, multiply by zeros in between. */
export const ownConvolutions: Convolutions = {
  plain: (x, weight, stride, padding) => lax.conv(x, weight, [stride, stride], onAllSides(padding)),
  transposed: (x, weight, stride, padding) =>
    lax.convTranspose(x, weight, [stride, stride], onAllSides(padding), { transposeKernel: true }),
};

/**
 * The same, with kernels of 4, stride 2 and padding 1 written as convolutions of stride 1 with kernels of 2: four pixels
 * of a 2x2 square become four channels before a convolution, and the other way round after a transposed one. Neither
 * they nor their gradients multiply by zeros then.
 */
export const denseConvolutions: Convolutions = {
  plain(x, weight, stride, padding) {
    if (stride === 1) return ownConvolutions.plain(x, weight, stride, padding);
    const [batch, inputs, height] = x.shape as [number, number, number];
    const outputs = weight.shape[0]!;
    const half = height / 2 + 1;
    const channels = np.pad(x, [[0, 0], [0, 0], [1, 1], [1, 1]])
      .reshape([batch, inputs, half, 2, half, 2])
      .transpose([0, 1, 3, 5, 2, 4])
      .reshape([batch, inputs * 4, half, half]);
    const kernel = weight
      .reshape([outputs, inputs, 2, 2, 2, 2])
      .transpose([0, 1, 3, 5, 2, 4])
      .reshape([outputs, inputs * 4, 2, 2]);
    return lax.conv(channels, kernel, [1, 1], "VALID");
  },
  transposed(x, weight, stride, padding) {
    if (stride === 1) return ownConvolutions.transposed(x, weight, stride, padding);
    const [batch, inputs, height] = x.shape as [number, number, number];
    const outputs = weight.shape[1]!;
    const half = height + 1;
    const kernel = weight
      .reshape([inputs, outputs, 2, 2, 2, 2])
      .transpose([1, 3, 5, 0, 2, 4])
      .reshape([outputs * 4, inputs, 2, 2]);
    return lax.conv(x, np.flip(kernel, [2, 3]), [1, 1], onAllSides(1))
      .reshape([batch, outputs, 2, 2, half, half])
      .transpose([0, 1, 4, 2, 5, 3])
      .reshape([batch, outputs, 2 * half, 2 * half])
      .slice([], [], [1, -1], [1, -1]);
  },
};

function onAllSides(padding: number): [number, number][] {
  return [[padding, padding], [padding, padding]];
}
