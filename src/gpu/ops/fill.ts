import type { Device } from "../device.ts";
import { defineKernel, linearGrid } from "../kernel.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor of the given shape with every element set to `value`. */
export function fill(device: Device, shape: Shape, value: number): Tensor {
  const kernel = defineKernel({
    label: "fill",
    bindings: { output: ["write", "array<vec4f>"] },
    uniforms: { quads: "u32", value: "f32" },
    body: "  if (index < params.quads) { output[index] = vec4f(params.value); }",
  });
  const output = device.empty(shape);
  const quads = Math.ceil(output.size / 4);
  device.launch(kernel, { output }, { quads, value }, linearGrid(quads));
  return output;
}
