import {
  add,
  batchNorm,
  conv2d,
  convTranspose2d,
  fill,
  leakyRelu,
  mul,
  sigmoid,
  tanh,
} from "../../../src/gpu/mod.ts";
import { IMAGE, WEIGHT } from "../layout.ts";
import { differentiate, type Run } from "./differentiate.ts";

/**
 * A small network with a tensor that is used three times and two outputs:
 *
 * ```text
 * b = leaky_relu(batch_norm(conv2d(x, w1), gamma, beta), 0.2)
 * h = b + 0.5 * sigmoid(b) * b
 * y = tanh(conv_transpose2d(h, w2))
 * ```
 */
export const chains: Readonly<Record<string, Run>> = {
  chain: (device, golden) =>
    differentiate(device, golden, {
      orders: { x: IMAGE, h: IMAGE, y: IMAGE, w1: WEIGHT, w2: WEIGHT },
      halves: ["x", "w1", "w2"],
      forward: ({ x, w1, gamma, beta, w2 }) => {
        const a = conv2d(x!, w1!, { stride: 2, padding: 1 });
        const b = leakyRelu(batchNorm(a, gamma!, beta!, { training: true }), 0.2);
        const h = add(b, mul(mul(fill(device, [], 0.5, golden.precision), sigmoid(b)), b));
        const y = tanh(convTranspose2d(h, w2!, { stride: 2, padding: 1 }));
        return { h, y };
      },
    }),
};
