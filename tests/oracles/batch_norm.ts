import type { FusedActivation } from "../../src/gpu/kernel/activation.ts";

/** What `batchNormReference()` gives. */
export interface BatchNormResult {
  /** The result. */
  y: Float64Array;
  /** Mean of each channel. */
  mean: Float64Array;
  /** Biased variance of each channel. */
  variance: Float64Array;
}

/** `batchNorm()` on the host: with statistics of the batch, or with those given. */
export function batchNormReference(
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  options: { eps?: number; activation?: FusedActivation; mean?: Float64Array; variance?: Float64Array } = {},
): BatchNormResult {
  const { eps = 1e-5, activation } = options;
  const channels = weight.length;
  const rows = x.length / channels;
  const average = (of: (row: number, channel: number) => number) =>
    weight.map((_, channel) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += of(row, channel);
      return sum / rows;
    });
  const mean = options.mean ?? average((row, channel) => x[row * channels + channel]!);
  const variance = options.variance ??
    average((row, channel) => (x[row * channels + channel]! - mean[channel]!) ** 2);
  const y = x.map((value, index) => {
    const channel = index % channels;
    const z = (value - mean[channel]!) / Math.sqrt(variance[channel]! + eps) * weight[channel]! +
      bias[channel]!;
    if (!activation || z > 0) return z;
    return activation.type === "relu" ? 0 : z * activation.slope;
  });
  return { y, mean, variance };
}
