import {
  add,
  div,
  leakyRelu,
  mul,
  relu,
  sigmoid,
  softplus,
  sub,
  tanh,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { differentiate, type Run } from "./differentiate.ts";

/** `input.x` to `output.y`. */
function unary(op: (x: Tensor) => Tensor): Run {
  return (device, golden) =>
    differentiate(device, golden, { halves: ["x"], forward: ({ x }) => ({ y: op(x!) }) });
}

/** `input.a` and `input.b` to `output.y`. */
export function binary(op: (a: Tensor, b: Tensor) => Tensor): Run {
  return (device, golden) =>
    differentiate(device, golden, { halves: ["a", "b"], forward: ({ a, b }) => ({ y: op(a!, b!) }) });
}

/** Functions of single elements, and arithmetic with broadcasting. */
export const elementwise: Readonly<Record<string, Run>> = {
  relu: unary(relu),
  leaky_relu: (device, golden) => {
    const slope = golden.number("negative_slope", 0.01);
    return differentiate(device, golden, {
      halves: ["x"],
      forward: ({ x }) => ({ y: leakyRelu(x!, slope) }),
    });
  },
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  softplus: (device, golden) => {
    golden.expectParams({ beta: 1, threshold: 20 });
    return unary(softplus)(device, golden);
  },
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div),
};
