import { f32, read, runKernel, update } from "../../gpu/kernel/run_kernel.ts";
import { elementWalk } from "../../gpu/ops/elementwise/elements.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { sliceRow } from "../weights/row_slices.ts";
import { checkFactor, checkGradients, gradientNorm } from "./gradient_norm.ts";
import type { FlatParameters } from "./optimizer.ts";

/** Added to the norm before it divides, as PyTorch does. */
const EPS = 1e-6;

/**
 * Shortens the gradients of a network, or of any other row of parameters, to a norm, as
 * `torch.nn.utils.clip_grad_norm_`:
 *
 * ```text
 * norm = square root of the sum of the squares of all gradients
 * gradients *= min(1, maxNorm / (norm + 1e-6))
 * ```
 *
 * Call it between the backward pass and the optimizer's step. It reads nothing back, so it can be part of a program.
 * Gradients that are scaled, as in a network of f16, stay scaled: the norm is that of the true ones. If the norm is NaN
 * or infinite, the gradients stay as they are, so that the optimizer finds what is wrong with them.
 *
 * It is three launches, as long as a kernel can bind all gradients at once.
 *
 * @returns The norm before, f32 `[]`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { clipGradientNorm } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const gradients = device.tensor([3, 0, -4]);
 * const norm = clipGradientNorm({ gradients }, 1);
 * assertEquals(await norm.item(), 5);
 * assertAlmostEquals((await gradients.data())[2]!, -0.8, 1e-6);
 * ```
 *
 * @throws {TypeError} if the gradients are not f32.
 * @throws {RangeError} if they are not of a shape `[length]`, or the norm or their scale is not above 0 and finite.
 */
export function clipGradientNorm(
  parameters: Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">,
  maxNorm: number,
): Tensor {
  const does = "clip gradients";
  checkGradients(parameters, does);
  checkFactor(maxNorm, "norm", does);
  const norm = gradientNorm(parameters);
  for (const part of sliceRow(parameters.gradients)) shorten(part, norm, maxNorm);
  return norm;
}

/** Multiplies a row in its own place, unless it is short enough, or the norm is not finite. */
function shorten(row: Tensor, norm: Tensor, maxNorm: number): void {
  const { device, size } = row;
  const gradients = update(row, "f32");
  const walk = elementWalk(device, size);
  runKernel(device, {
    label: "clip gradients",
    parts: [walk],
    buffers: { gradients, norm: read(norm, "array<f32>") },
    uniforms: { most: f32(maxNorm) },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: `  let is_finite = (bitcast<u32>(norm[0]) & 0x7fffffffu) < 0x7f800000u;
  let factor = params.most / (norm[0] + ${EPS});
  if (!is_finite || factor >= 1.0) { return; }
${walk.body(`    gradients[at] = ${gradients.store(`${gradients.load("gradients[at]")} * factor`)};`)}`,
  });
}
