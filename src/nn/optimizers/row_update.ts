/**
 * The launches that update a row of parameters.
 *
 * @module
 */
import { memoryOf } from "../../gpu/kernel/float_memory.ts";
import {
  type Access,
  defineKernel,
  type Kernel,
  linearGrid,
  type UniformType,
} from "../../gpu/kernel/kernel.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";

/** What was found to be NaN or infinite, as bits of an optimizer's `faults`. */
export const FAULTS = { gradients: 1, state: 2, values: 4, statistics: 8 } as const;

/** What is not said of a {@linkcode RowUpdate} by its parameters. */
export interface RowUpdateSpec {
  /** Name for profiles. */
  readonly label: string;
  /** Rows of its own that it updates, by their names in the text. */
  readonly rows: Readonly<Record<string, Tensor>>;
  /** Small tensors that it reads as `array<f32>`. */
  readonly small: Readonly<Record<string, Tensor>>;
  /** Numbers that the text reads as `params.name`. */
  readonly uniforms: Readonly<Record<string, number>>;
  /** Names of rows that may become infinite while the parameters do not, such as what these are divided by. */
  readonly watched: readonly string[];
  /**
   * WGSL: from `value` and `gradient`, which holds the weight decay already, and `old_name` for each row, declares
   * `new_name` for each row and `result`.
   */
  readonly text: string;
}

/**
 * Updates every parameter from its gradient and what an optimizer remembers of it: one launch, or one for each part of
 * the row that a kernel can bind. What becomes NaN or infinite raises bits of `faults`, which stay.
 */
export class RowUpdate {
  #kernel: Kernel;
  #launches: { buffers: Record<string, Tensor>; uniforms: Record<string, number> }[];

  /** Of these parameters; `faults` is u32 `[1]`. */
  constructor(parameters: FlatParameters, faults: Tensor, spec: RowUpdateSpec) {
    const { values, gradients, gradientScaling } = parameters;
    this.#kernel = updateKernel(parameters, spec);
    const rows: Record<string, Tensor[]> = { values: sliceRow(values), gradients: sliceRow(gradients) };
    for (const [name, row] of Object.entries(spec.rows)) rows[name] = sliceRow(row);
    const shared = { ...spec.small, faults, ...(gradientScaling ? { scaling: gradientScaling.values } : {}) };
    this.#launches = rows.values!.map(({ size }, part) => ({
      buffers: {
        ...Object.fromEntries(Object.entries(rows).map(([name, parts]) => [name, parts[part]!])),
        ...shared,
      },
      uniforms: { quads: Math.ceil(size / 4), ...spec.uniforms },
    }));
  }

  /** Launches it. */
  run(): void {
    for (const { buffers, uniforms } of this.#launches) {
      const { device } = buffers.values!;
      device.launch(this.#kernel, buffers, uniforms, linearGrid(uniforms.quads!));
    }
  }
}

/** Leaves a kernel whose update is skipped, for want of gradients that fit 16 bits. Needs the binding `scaling`. */
export const SKIPPED_WGSL: string = `  if (scaling[${SCALING.skip}] != 0.0) { return; }\n`;

function updateKernel(
  parameters: FlatParameters,
  spec: RowUpdateSpec,
): Kernel {
  const { label, rows, small, uniforms, text, watched } = spec;
  const { array, load, store } = memoryOf(parameters.values, "vec4f");
  const names = Object.keys(rows);
  const scaled = parameters.gradientScaling !== undefined;
  const binding = (access: Access, type: string) => [access, type] as const;
  return defineKernel({
    label,
    bindings: {
      values: binding("update", array),
      gradients: binding("read", array),
      ...Object.fromEntries(names.map((name) => [name, binding("update", array)])),
      ...Object.fromEntries(Object.keys(small).map((name) => [name, binding("read", "array<f32>")])),
      faults: binding("update", "array<atomic<u32>>"),
      ...(scaled ? { scaling: binding("read", "array<f32>") } : {}),
    },
    uniforms: {
      quads: "u32",
      ...Object.fromEntries(Object.keys(uniforms).map((name): [string, UniformType] => [name, "f32"])),
    },
    declarations: "fn size_of(x: vec4f) -> vec4u { return bitcast<vec4u>(x) & vec4u(0x7fffffffu); }",
    body: `  if (index >= params.quads) { return; }
${scaled ? SKIPPED_WGSL : ""}  let value = ${load("values[index]")};
  let true_gradient = ${trueGradient(parameters)};
  let gradient = true_gradient + params.weight_decay * value;
${names.map((name) => `  let old_${name} = ${load(`${name}[index]`)};`).join("\n")}
${text}
${names.map((name) => `  ${name}[index] = ${store(`new_${name}`)};`).join("\n")}
  values[index] = ${store("result")};
${watch(names, watched)}`,
  });
}

/** The true gradient of the quad `index`, as a WGSL expression. */
function trueGradient({ gradients, gradientScale = 1, gradientScaling }: FlatParameters): string {
  const { load } = memoryOf(gradients, "vec4f");
  if (gradientScaling) return `${load("gradients[index]")} * scaling[${SCALING.share}]`;
  return gradientScale === 1
    ? load("gradients[index]")
    : `${load("gradients[index]")} * ${1 / gradientScale}`;
}

/**
 * Raises faults. Of what is not finite, the bits tell: compilers may take it for granted that comparisons of floats never
 * see such. One comparison for all that is watched, as this is done for every parameter in every step.
 */
function watch(rows: readonly string[], watched: readonly string[]): string {
  const isBad = (names: readonly string[]) =>
    names.map((name) => `any(size_of(${name}) >= infinite)`).join(" || ");
  const raise = (fault: number, names: readonly string[]) =>
    names.length === 0 ? "" : `    if (${isBad(names)}) { found |= ${fault}u; }\n`;
  const sizes = ["result", ...watched.map((name) => `new_${name}`)].map((name) => `size_of(${name})`);
  const largest = sizes.reduce((so, size) => `max(${so}, ${size})`);
  return `  let infinite = vec4u(0x7f800000u);
  if (any(${largest} >= infinite)) {
    var found = 0u;
${raise(FAULTS.gradients, ["true_gradient"])}${raise(FAULTS.state, rows.map((name) => `new_${name}`))}${
    raise(FAULTS.values, ["result"])
  }    atomicOr(&faults[0], found);
  }`;
}
