import type { Device } from "../device/device.ts";
import { type FloatType, memoryOf } from "../kernel/float_memory.ts";
import { defineKernel, linearGrid } from "../kernel/kernel.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A tensor of the given shape with every element set to `value`. */
export function fill(device: Device, shape: Shape, value: number, dtype: FloatType = "f32"): Tensor {
  const output = device.empty(shape, dtype);
  const memory = memoryOf(output, "vec4f");
  const kernel = defineKernel({
    label: "fill",
    bindings: { output: ["write", memory.array] },
    uniforms: { quads: "u32", value: "f32" },
    body: `  if (index < params.quads) { output[index] = ${memory.store("vec4f(params.value)")}; }`,
  });
  const quads = Math.ceil(output.size / 4);
  device.launch(kernel, { output }, { quads, value }, linearGrid(quads));
  return output;
}
