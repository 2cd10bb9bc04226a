import { conv2d, convTranspose2d, linear, matmul } from "../../../src/gpu/mod.ts";
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
    golden.expectParams({ dilation: 1, groups: 1 });
    const stride = golden.number("stride", 1);
    const padding = golden.number("padding", 0);
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x, weight, bias }) => ({ y: conv2d(x!, weight!, { bias, stride, padding }) }),
    });
  },
  conv_transpose2d: (device, golden) => {
    golden.expectParams({ dilation: 1, groups: 1 });
    const stride = golden.number("stride", 1);
    const padding = golden.number("padding", 0);
    const outputPadding = golden.number("output_padding", 0);
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x, weight, bias }) => ({
        y: convTranspose2d(x!, weight!, { bias, stride, padding, outputPadding }),
      }),
    });
  },
};
