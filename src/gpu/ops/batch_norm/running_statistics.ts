import { defineKernel, linearGrid } from "../../kernel/kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { StatisticsUse } from "./channel_statistics.ts";

/**
 * What `mergeStatistics` gives of a batch, `[1, 4, channels]`, from running statistics. A copy, so that later updates
 * change no gradient.
 */
export function runningStatistics(
  mean: Tensor,
  variance: Tensor,
  { weight, bias, eps }: StatisticsUse,
): Tensor {
  const channels = mean.size;
  const kernel = defineKernel({
    label: "batch norm running statistics",
    bindings: {
      mean: ["read", "array<f32>"],
      variance: ["read", "array<f32>"],
      weight: ["read", "array<f32>"],
      bias: ["read", "array<f32>"],
      statistics: ["write", "array<f32>"],
    },
    uniforms: { channels: "u32", eps: "f32" },
    body: `  if (index >= params.channels) { return; }
  let rstd = 1.0 / sqrt(variance[index] + params.eps);
  statistics[index] = mean[index];
  statistics[params.channels + index] = rstd;
  statistics[2u * params.channels + index] = weight[index] * rstd;
  statistics[3u * params.channels + index] = bias[index];`,
  });
  const statistics = mean.device.empty([1, 4, channels]);
  mean.device.launch(
    kernel,
    { mean, variance, weight, bias, statistics },
    { channels, eps },
    linearGrid(channels),
  );
  return statistics;
}
