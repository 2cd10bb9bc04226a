import { broadcastShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { derive } from "../autograd/origin.ts";
import { broadcastMap } from "./elementwise/broadcast.ts";
import { sumTo } from "./reductions/sum.ts";

/** What the four operations take: a tensor, or a number, which counts as a tensor filled with it. */
export type Operand = Tensor | number;

/** One of the four operations: its formula, and those of its gradients over `a`, `b` and `gradient`. */
interface Arithmetic {
  name: string;
  formula: string;
  /** Gradient with respect to the left operand. */
  left: string;
  /** Gradient with respect to the right operand. */
  right: string;
}

const ADD: Arithmetic = { name: "add", formula: "a + b", left: "gradient", right: "gradient" };
const SUB: Arithmetic = { name: "sub", formula: "a - b", left: "gradient", right: "-gradient" };
const MUL: Arithmetic = { name: "mul", formula: "a * b", left: "gradient * b", right: "gradient * a" };
const DIV: Arithmetic = {
  name: "div",
  formula: "a / b",
  left: "gradient / b",
  right: "-gradient * (a / b / b)",
};

/**
 * `a + b`, element by element, as `torch.add`. Shapes broadcast as in PyTorch; gradients are summed over the axes that
 * were broadcast.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { add, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const rows = device.tensor([[1, 2], [3, 4]]);
 * assertEquals([...await add(rows, device.tensor([10, 20])).data()], [11, 22, 13, 24]);
 * ```
 *
 * @throws {RangeError} if the shapes do not broadcast.
 * @throws {TypeError} if both operands are numbers, or tensors of two element types.
 */
export function add(a: Operand, b: Operand): Tensor {
  return arithmetic(ADD, a, b);
}

/**
 * `a - b`, element by element, as `torch.sub`. Shapes broadcast as in PyTorch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sub } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await sub(1, device.tensor([0.25, 2])).data()], [0.75, -1]);
 * ```
 *
 * @throws {RangeError} if the shapes do not broadcast.
 * @throws {TypeError} if both operands are numbers, or tensors of two element types.
 */
export function sub(a: Operand, b: Operand): Tensor {
  return arithmetic(SUB, a, b);
}

/**
 * `a * b`, element by element, as `torch.mul`. Shapes broadcast as in PyTorch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await mul(device.tensor([1, 2, 3]), 2).data()], [2, 4, 6]);
 * ```
 *
 * @throws {RangeError} if the shapes do not broadcast.
 * @throws {TypeError} if both operands are numbers, or tensors of two element types.
 */
export function mul(a: Operand, b: Operand): Tensor {
  return arithmetic(MUL, a, b);
}

/**
 * `a / b`, element by element, as `torch.div`. Shapes broadcast as in PyTorch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { div, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await div(device.tensor([1, 3]), 2).data()], [0.5, 1.5]);
 * ```
 *
 * @throws {RangeError} if the shapes do not broadcast.
 * @throws {TypeError} if both operands are numbers, or tensors of two element types.
 */
export function div(a: Operand, b: Operand): Tensor {
  return arithmetic(DIV, a, b);
}

function arithmetic(operation: Arithmetic, a: Operand, b: Operand): Tensor {
  const operands = { a, b };
  const tensors = [a, b].filter((operand) => operand instanceof Tensor);
  if (tensors.length === 0) {
    throw new TypeError(`${operation.name}() needs a tensor, found two numbers`);
  }
  if (tensors.length === 2 && tensors[0]!.dtype !== tensors[1]!.dtype) {
    throw new TypeError(
      `${operation.name}() needs tensors of one element type, found ${tensors[0]!.dtype} and ` +
        `${tensors[1]!.dtype}. Convert one with cast()`,
    );
  }
  const shape = tensors.length === 2
    ? broadcastShape(tensors[0]!.shape, tensors[1]!.shape)
    : tensors[0]!.shape;

  const output = compute(operation.name, operation.formula, operands, shape);
  const rules = (["a", "b"] as const).filter((side) => operands[side] instanceof Tensor);
  return derive(output, tensors, (gradient, wanted) =>
    rules.map((side, position) => {
      if (!wanted[position]) return null;
      const formula = side === "a" ? operation.left : operation.right;
      if (formula === "gradient") return sumTo(gradient, tensors[position]!);
      const full = compute(`${operation.name} gradient`, formula, { ...operands, gradient }, shape);
      const summed = sumTo(full, tensors[position]!);
      if (summed !== full) full.dispose();
      return summed;
    }));
}

/** Runs a formula over those operands that it names. Numbers become uniforms. */
function compute(
  label: string,
  formula: string,
  operands: Readonly<Record<string, Operand>>,
  shape: Shape,
): Tensor {
  const inputs: Record<string, Tensor> = {};
  const uniforms: Record<string, number> = {};
  for (const [name, operand] of Object.entries(operands)) {
    if (!new RegExp(`\\b${name}\\b`).test(formula)) continue;
    if (operand instanceof Tensor) inputs[name] = operand;
    else uniforms[name] = operand;
  }
  const text = formula.replace(/\b[ab]\b/g, (name) => (name in uniforms ? `params.${name}` : name));
  return broadcastMap(label, inputs, shape, text, uniforms);
}
