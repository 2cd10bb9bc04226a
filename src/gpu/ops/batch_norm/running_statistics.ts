import { linearGrid } from "../../kernel/kernel.ts";
import { f32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
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
  const statistics = mean.device.empty([1, 4, channels]);
  runKernel(mean.device, {
    label: "batch norm running statistics",
    buffers: {
      mean: read(mean, "array<f32>"),
      variance: read(variance, "array<f32>"),
      weight: read(weight, "array<f32>"),
      bias: read(bias, "array<f32>"),
      statistics: write(statistics, "array<f32>"),
    },
    uniforms: { channels: u32(channels), eps: f32(eps) },
    grid: linearGrid(channels),
    body: `  if (index >= params.channels) { return; }
  let invstd = 1.0 / sqrt(variance[index] + params.eps);
  statistics[index] = mean[index];
  statistics[params.channels + index] = invstd;
  statistics[2u * params.channels + index] = weight[index] * invstd;
  statistics[3u * params.channels + index] = bias[index];`,
  });
  return statistics;
}
