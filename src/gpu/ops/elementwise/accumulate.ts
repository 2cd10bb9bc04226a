import { memoryOf } from "../../kernel/float_memory.ts";
import { defineKernel, linearGrid } from "../../kernel/kernel.ts";
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
  const source = memoryOf(values, "f32");
  const output = memoryOf(target, "f32");
  const sum = adding ? `${output.load("output[index]")} + ` : "";
  const kernel = defineKernel({
    label: adding ? "accumulate" : "copy",
    bindings: { values: ["read", source.array], output: ["update", output.array] },
    uniforms: { count: "u32" },
    body: `  if (index >= params.count) { return; }
  output[index] = ${output.store(`${sum}${source.load("values[index]")}`)};`,
  });
  const count = target.size;
  target.device.launch(kernel, { values, output: target }, { count }, linearGrid(count));
}
