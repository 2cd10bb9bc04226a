import { defineKernel, linearGrid } from "../kernel.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Writes `values` over those of `target`, or adds to them with `adding`.
 *
 * @throws {RangeError} if the shapes differ.
 */
export function accumulate(target: Tensor, values: Tensor, adding: boolean): void {
  if (!sameShape(target.shape, values.shape)) {
    throw new RangeError(
      `Cannot accumulate a tensor of shape ${formatShape(values.shape)} in one of ${
        formatShape(target.shape)
      }`,
    );
  }
  const kernel = defineKernel({
    label: adding ? "accumulate" : "copy",
    bindings: { values: ["read", "array<f32>"], output: ["update", "array<f32>"] },
    uniforms: { count: "u32" },
    body: `  if (index >= params.count) { return; }
  output[index] = ${adding ? "output[index] + " : ""}values[index];`,
  });
  const count = target.size;
  target.device.launch(kernel, { values, output: target }, { count }, linearGrid(count));
}
