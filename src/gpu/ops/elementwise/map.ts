import { expectKnownOptions } from "../../tensor/known_options.ts";
import { memoryOf } from "../../kernel/float_memory.ts";
import { defineKernel } from "../../kernel/kernel.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { DType, Tensor } from "../../tensor/tensor.ts";
import { elementWalk } from "./elements.ts";

/** What {@linkcode map} may be told besides its formula. */
export interface MapOptions {
  /** Numbers that the formula reads as `params.name`. */
  uniforms?: Readonly<Record<string, number>>;
  /** WGSL functions that the formula calls. */
  declarations?: string;
  /** Where to write; a new tensor if not given. It may not be one of the inputs. */
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
        `${label}() needs tensors of one shape: '${names[0]}' is ${formatShape(first.shape)}, ` +
          `'${name}' is ${formatShape(inputs[name]!.shape)}`,
      );
    }
  }
  const uniforms = options.uniforms ?? {};
  const output = options.into ?? first.device.empty(first.shape, options.dtype ?? first.dtype);
  const memory = (name: string) => memoryOf(inputs[name]!, "vec4f");
  const target = memoryOf(output, "vec4f");
  const walk = elementWalk(first.device, Math.ceil(first.size / 4));
  const kernel = defineKernel({
    label,
    bindings: {
      ...Object.fromEntries(names.map((name) => [`${name}_values`, ["read", memory(name).array] as const])),
      output: ["write", target.array],
    },
    uniforms: {
      ...walk.uniforms,
      ...Object.fromEntries(Object.keys(uniforms).map((name) => [name, "f32"] as const)),
    },
    ...(options.declarations ? { declarations: options.declarations } : {}),
    workgroup: walk.workgroup,
    iterations: walk.iterations,
    body: walk.body(
      `${names.map((name) => `    let ${name} = ${memory(name).load(`${name}_values[at]`)};`).join("\n")}
    output[at] = ${target.store(formula)};`,
    ),
  });
  const buffers = Object.fromEntries(names.map((name) => [`${name}_values`, inputs[name]!]));
  first.device.launch(kernel, { ...buffers, output }, { ...walk.values, ...uniforms }, walk.grid);
  return output;
}
