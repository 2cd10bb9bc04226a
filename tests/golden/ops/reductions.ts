import { mean, type ReduceOptions, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { differentiate, type Run } from "./differentiate.ts";

function reduction(op: (x: Tensor, options: ReduceOptions) => Tensor): Run {
  return (device, golden) => {
    const dims = golden.param("dims");
    const axes = dims === undefined ? {} : { axes: (Array.isArray(dims) ? dims : [dims]) as number[] };
    const keepDims = golden.flag("keepdim", false);
    return differentiate(device, golden, {
      halves: ["x"],
      forward: ({ x }) => ({ y: op(x!, { ...axes, keepDims }) }),
    });
  };
}

/** Sums and means over axes. */
export const reductions: Readonly<Record<string, Run>> = { sum: reduction(sum), mean: reduction(mean) };
