import type { Tensor } from "../tensor/tensor.ts";
import { type Elementwise, elementwise } from "./elementwise/elementwise.ts";

const NEG: Elementwise = { name: "neg", value: "-x", gradient: "-gradient" };
const ABS: Elementwise = { name: "abs", value: "abs(x)", gradient: "gradient * sign(x)", keeps: "x" };
const SQUARE: Elementwise = { name: "square", value: "x * x", gradient: "2.0 * gradient * x", keeps: "x" };
const SQRT: Elementwise = { name: "sqrt", value: "sqrt(x)", gradient: "gradient / (2.0 * y)", keeps: "y" };
const EXP: Elementwise = { name: "exp", value: "exp(x)", gradient: "gradient * y", keeps: "y" };
const LOG: Elementwise = { name: "log", value: "log(x)", gradient: "gradient / x", keeps: "x" };

/**
 * `-x`, as `torch.neg`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { neg, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await neg(device.tensor([1, -2])).data()], [-1, 2]);
 * ```
 */
export function neg(x: Tensor): Tensor {
  return elementwise(x, NEG);
}

/**
 * `|x|`, as `torch.abs`. Any shape. The gradient at 0 is 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { abs, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await abs(device.tensor([1, -2])).data()], [1, 2]);
 * ```
 */
export function abs(x: Tensor): Tensor {
  return elementwise(x, ABS);
}

/**
 * `x * x`, as `torch.square`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, square } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await square(device.tensor([1, -2])).data()], [1, 4]);
 * ```
 */
export function square(x: Tensor): Tensor {
  return elementwise(x, SQUARE);
}

/**
 * Square root, as `torch.sqrt`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sqrt } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await sqrt(device.tensor([0, 9])).data()], [0, 3]);
 * ```
 */
export function sqrt(x: Tensor): Tensor {
  return elementwise(x, SQRT);
}

/**
 * `e` to the power of `x`, as `torch.exp`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exp, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await exp(device.tensor([0])).data()], [1]);
 * ```
 */
export function exp(x: Tensor): Tensor {
  return elementwise(x, EXP);
}

/**
 * Natural logarithm, as `torch.log`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { log, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await log(device.tensor([1])).data()], [0]);
 * ```
 */
export function log(x: Tensor): Tensor {
  return elementwise(x, LOG);
}
