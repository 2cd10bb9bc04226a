import { linearGrid } from "../../kernel/kernel.ts";
import { read, runKernel, u32, update } from "../../kernel/run_kernel.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Writes `values` over those of `target`, or adds to them with `adding`. Each is f32 or f16.
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
  const source = read(values, "f32");
  const output = update(target, "f32");
  const sum = adding ? `${output.load("output[index]")} + ` : "";
  runKernel(target.device, {
    label: adding ? "accumulate" : "copy",
    buffers: { values: source, output },
    uniforms: { count: u32(target.size) },
    grid: linearGrid(target.size),
    body: `  if (index >= params.count) { return; }
  output[index] = ${output.store(`${sum}${source.load("values[index]")}`)};`,
  });
}
