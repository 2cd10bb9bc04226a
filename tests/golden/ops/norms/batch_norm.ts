import { batchNorm, fill } from "../../../../src/gpu/mod.ts";
import { channelsLast } from "../../layout.ts";
import { differentiate, type Run } from "../differentiate.ts";

/** Batch normalization of `[N, C]` and `[N, C, H, W]`, with or without weight and bias. */
export const batchNorms: Readonly<Record<string, Run>> = {
  batch_norm: (device, golden) => {
    const training = golden.flag("training", true);
    const momentum = golden.number("momentum", 0.1);
    const eps = golden.number("eps", 1e-5);
    const { shape } = golden.floats("input.x");
    const order = channelsLast(shape.length);
    return differentiate(device, golden, {
      orders: { x: order, y: order },
      halves: ["x"],
      forward: ({ x, weight, bias, running_mean: runningMean, running_var: runningVariance }) => {
        const running = runningMean && runningVariance ? { runningMean, runningVariance } : {};
        const gain = weight ?? fill(device, [shape[1]!], 1);
        const shift = bias ?? fill(device, [shape[1]!], 0);
        const y = batchNorm(x!, gain, shift, { training, momentum, eps, ...running });
        return {
          y,
          ...(runningMean && runningVariance
            ? { running_mean: runningMean, running_var: runningVariance }
            : {}),
        };
      },
    });
  },
};
