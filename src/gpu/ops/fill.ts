import type { Device } from "../device/device.ts";
import type { FloatType } from "../kernel/float_memory.ts";
import { linearGrid } from "../kernel/kernel.ts";
import { f32, runKernel, u32, write } from "../kernel/run_kernel.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A tensor of the given shape with every element set to `value`. */
export function fill(device: Device, shape: Shape, value: number, dtype: FloatType = "f32"): Tensor {
  const output = device.empty(shape, dtype);
  const target = write(output, "vec4f");
  const quads = Math.ceil(output.size / 4);
  runKernel(device, {
    label: "fill",
    buffers: { output: target },
    uniforms: { quads: u32(quads), value: f32(value) },
    grid: linearGrid(quads),
    body: `  if (index < params.quads) { output[index] = ${target.store("vec4f(params.value)")}; }`,
  });
  return output;
}
