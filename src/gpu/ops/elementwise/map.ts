import { expectKnownOptions } from "../../tensor/known_options.ts";
import { each, f32, read, runKernel, write } from "../../kernel/run_kernel.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../tensor/dtype.ts";
import { elementWalk } from "./elements.ts";

/** Options of {@linkcode map}. */
export interface MapOptions {
  /** Numbers that the formula reads as `params.name`. */
  uniforms?: Readonly<Record<string, number>>;
  /** WGSL functions that the formula calls. */
  declarations?: string;
  /** Tensor to write to; a new one if not given. It must not be one of the inputs. */
  into?: Tensor;
  /** Element type of a new tensor: that of the first input if not given. */
  dtype?: DType;
}

/**
 * A new tensor whose elements are a formula of the elements at the same place of tensors of one shape. The formula is
 * a WGSL expression over the inputs' names, each a `vec4f` of four neighbors. Inputs are f32 or f16 each.
 *
 * @throws {RangeError} if the shapes differ.
 * @throws {TypeError} if a tensor does not hold floats.
 */
export function map(
  label: string,
  inputs: Readonly<Record<string, Tensor>>,
  formula: string,
  options: MapOptions = {},
): Tensor {
  expectKnownOptions("map()", options, { uniforms: true, declarations: true, into: true, dtype: true });
  const names = Object.keys(inputs);
  const first = inputs[names[0]!]!;
  for (const name of names) {
    if (!sameShape(inputs[name]!.shape, first.shape)) {
      throw new RangeError(
        `${label}() needs tensors of one shape, found '${names[0]}' of ${formatShape(first.shape)}, ` +
          `'${name}' of ${formatShape(inputs[name]!.shape)}`,
      );
    }
  }
  const output = options.into ?? first.device.empty(first.shape, options.dtype ?? first.dtype);
  const sources = names.map((name) => read(inputs[name]!, "vec4f"));
  const target = write(output, "vec4f");
  const walk = elementWalk(first.device, Math.ceil(first.size / 4));
  const loads = names.map((name, i) => `    let ${name} = ${sources[i]!.load(`${name}_values[at]`)};`);
  runKernel(first.device, {
    label,
    parts: [walk],
    buffers: {
      ...Object.fromEntries(names.map((name, i) => [`${name}_values`, sources[i]!])),
      output: target,
    },
    uniforms: each(f32, options.uniforms ?? {}),
    ...(options.declarations ? { declarations: options.declarations } : {}),
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`${loads.join("\n")}
    output[at] = ${target.store(formula)};`),
  });
  return output;
}
