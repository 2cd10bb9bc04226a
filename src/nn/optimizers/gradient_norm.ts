import { f32, read, runKernel } from "../../gpu/kernel/run_kernel.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { elementWalk } from "../../gpu/ops/elementwise/elements.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import { SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";
import { normOf, type NormUse, squareSums } from "./square_sums.ts";

/** How graphics cards share out fours of gradients. */
const SHARING = { threads: 64, each: 32 } as const;

/** Gradients in a row, and how they are scaled. */
type GradientRow = Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">;

/**
 * The norm of all gradients of a network together, or of those of any other row of parameters, as
 * `torch.nn.utils.clip_grad_norm_` returns it:
 *
 * ```text
 * norm = square root of the sum of the squares of all gradients
 * ```
 *
 * Call it after the backward pass. It reads nothing back, so it can be part of a program. Of gradients that
 * are scaled, as in a network of f16, it is the norm of the true ones. It is NaN or infinite if one of them is.
 *
 * It is two launches, as long as a kernel can bind all gradients at once. Sums have a fixed order: the same
 * gradients give the same bytes.
 *
 * @returns The norm, f32 `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { gradientNorm } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * assertEquals(await gradientNorm({ gradients: device.tensor([3, 0, -4]) }).item(), 5);
 * ```
 *
 * @throws {TypeError} if the gradients are not f32.
 * @throws {RangeError} if they are not of a shape `[length]`, or their scale is not above 0 and finite.
 */
export function gradientNorm(
  parameters: Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">,
): Tensor {
  checkGradients(parameters, "compute a norm of gradients");
  using squares = addSquares(sliceRow(parameters.gradients));
  return normOf(squares, trueShare(parameters));
}

/**
 * Throws unless gradients are a row of 32-bit floats, with a scale that can be undone.
 *
 * @param does What is to be done with them, to begin the message with.
 */
export function checkGradients({ gradients, gradientScale = 1 }: GradientRow, does: string): void {
  const { dtype, rank, shape } = gradients;
  if (dtype !== "f32") throw new TypeError(`Cannot ${does}: they must be f32, found ${dtype}`);
  if (rank !== 1) {
    throw new RangeError(`Cannot ${does}: they must be of a shape [length], found ${formatShape(shape)}`);
  }
  checkFactor(gradientScale, "scale", does);
}

/** Throws unless a number is above 0 and finite, also as a 32-bit float. */
export function checkFactor(value: number, what: string, does: string): void {
  if (value > 0 && Math.fround(value) > 0 && Math.fround(value) < Infinity) return;
  throw new RangeError(`Cannot ${does}: the ${what} must be above 0 and finite, found ${value}`);
}

/** Sums of the squares of a row, cut in slices. */
function addSquares(slices: readonly Tensor[]): Tensor {
  const { device } = slices[0]!;
  const walks = slices.map(({ size }) => elementWalk(device, Math.ceil(size / 4), SHARING));
  const sums = squareSums(device, walks, slices);
  for (const [i, slice] of slices.entries()) {
    const walk = walks[i]!;
    const values = read(slice, "vec4f");
    const { part, before, add, after } = sums.of(i);
    runKernel(device, {
      label: "gradient squares",
      parts: [walk, part],
      buffers: { values },
      workgroup: walk.workgroup,
      grid: walk.grid,
      body: `${before}\n${walk.body(add(values.load("values[at]")))}\n${after}`,
    });
  }
  return sums.squares;
}

/** How the norm of the true gradients follows from that of scaled ones. */
function trueShare({ gradientScale = 1, gradientScaling }: GradientRow): NormUse {
  return gradientScaling
    ? { parts: [{ buffers: { scaling: read(gradientScaling.values) } }], share: `scaling[${SCALING.share}]` }
    : { parts: [{ uniforms: { share: f32(1 / gradientScale) } }], share: "params.share" };
}
