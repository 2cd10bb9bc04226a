import { conv2d, type Conv2dOptions, convTranspose2d, linear, matmul } from "../../../src/gpu/mod.ts";
import type { GoldenCase } from "../golden_case.ts";
import { IMAGE, WEIGHT } from "../layout.ts";
import { differentiate, type Run } from "./differentiate.ts";
import { binary } from "./elementwise.ts";

const orders = { x: IMAGE, y: IMAGE, weight: WEIGHT };
const halves = ["x", "weight"];

/** Products of matrices, and convolutions. */
export const contractions: Readonly<Record<string, Run>> = {
  matmul: binary(matmul),
  linear: (device, golden) =>
    differentiate(device, golden, {
      halves,
      forward: ({ x, weight, bias }) => ({ y: linear(x!, weight!, bias) }),
    }),
  conv2d: (device, golden) => {
    const steps = stepsOf(golden);
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x, weight, bias }) => ({ y: conv2d(x!, weight!, { bias, ...steps }) }),
    });
  },
  conv_transpose2d: (device, golden) => {
    const steps = { ...stepsOf(golden), outputPadding: golden.pair("output_padding", 0) };
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x, weight, bias }) => ({ y: convTranspose2d(x!, weight!, { bias, ...steps }) }),
    });
  },
};

/** Steps of a convolution. */
function stepsOf(golden: GoldenCase): Pick<Conv2dOptions, "stride" | "padding" | "dilation" | "groups"> {
  return {
    stride: golden.pair("stride", 1),
    padding: golden.pair("padding", 0),
    dilation: golden.pair("dilation", 1),
    groups: golden.number("groups", 1),
  };
}
