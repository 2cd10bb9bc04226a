import { linearGrid } from "../../kernel/kernel.ts";
import { each, f32, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { map } from "./map.ts";

/** The most axes that a broadcast can keep apart, as in PyTorch's own kernels after merging neighbors. */
const MAX_AXES = 8;

/**
 * A new tensor of the given shape whose elements are a formula of the elements of tensors that broadcast to it. The
 * formula is a WGSL expression over the inputs' names that holds for `f32` and `vec4f` alike, and reads uniforms as
 * `params.name`. The result has the element type of the first input.
 *
 * @throws {RangeError} if there are more axes than the kernel can keep apart.
 */
export function broadcastMap(
  label: string,
  inputs: Readonly<Record<string, Tensor>>,
  shape: Shape,
  formula: string,
  uniforms: Readonly<Record<string, number>> = {},
): Tensor {
  const names = Object.keys(inputs);
  const tensors = Object.values(inputs);
  if (tensors.every((tensor) => sameShape(tensor.shape, shape))) {
    return map(label, inputs, formula, { uniforms });
  }

  const { extents, strides } = mergeAxes(shape, tensors.map((tensor) => tensor.shape));
  if (extents.length > MAX_AXES) {
    throw new RangeError(
      `${label}() cannot broadcast to ${formatShape(shape)}: ` +
        `${extents.length} axes broadcast in different ways, at most ${MAX_AXES} are allowed`,
    );
  }
  const sizes: Record<string, number> = { count: sizeOf(shape) };
  const steps: string[] = [];
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    sizes[`extent_${axis}`] = extents[axis]!;
    steps.push(axis > 0 ? `at = rest % params.extent_${axis};` : "at = rest;");
    for (const [i, name] of names.entries()) {
      sizes[`${name}_stride_${axis}`] = strides[i]![axis]!;
      steps.push(`${name}_index += at * params.${name}_stride_${axis};`);
    }
    if (axis > 0) steps.push(`rest /= params.extent_${axis};`);
  }
  const device = tensors[0]!.device;
  const output = device.empty(shape, tensors[0]!.dtype);
  const sources = tensors.map((tensor) => read(tensor, "f32"));
  const target = write(output, "f32");
  const loads = names.map((name, i) =>
    `  let ${name} = ${sources[i]!.load(`${name}_values[${name}_index]`)};`
  );
  runKernel(device, {
    label,
    buffers: {
      ...Object.fromEntries(names.map((name, i) => [`${name}_values`, sources[i]!])),
      output: target,
    },
    uniforms: { ...each(u32, sizes), ...each(f32, uniforms) },
    grid: linearGrid(output.size),
    body: `  if (index >= params.count) { return; }
  var rest = index;
  var at = 0u;
${names.map((name) => `  var ${name}_index = 0u;`).join("\n")}
  ${steps.join("\n  ")}
${loads.join("\n")}
  output[index] = ${target.store(formula)};`,
  });
  return output;
}

/**
 * The axes of a broadcast with neighbors merged if every input steps through both as through one, and the stride
 * of each input along each of them (0 if it repeats).
 */
function mergeAxes(
  shape: Shape,
  inputs: readonly Shape[],
): { extents: number[]; strides: number[][] } {
  const extents: number[] = [];
  const strides: number[][] = inputs.map(() => []);
  const steps = inputs.map(() => 1);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis]!;
    if (extent === 1) continue;
    const found = inputs.map((input, i) => {
      const own = input[axis - shape.length + input.length] ?? 1;
      const stride = own === 1 ? 0 : steps[i]!;
      steps[i]! *= own;
      return stride;
    });
    const inner = extents[0];
    const merges = inner !== undefined && found.every((stride, i) => stride === strides[i]![0]! * inner);
    if (merges) {
      extents[0] = inner * extent;
    } else {
      extents.unshift(extent);
      for (const [i, stride] of found.entries()) strides[i]!.unshift(stride);
    }
  }
  return extents.length > 0 ? { extents, strides } : { extents: [1], strides: inputs.map(() => [0]) };
}
