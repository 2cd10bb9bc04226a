import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { type Argument, each, f32, prepareRun, read, u32, update } from "../../gpu/kernel/run_kernel.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { type GradientScaling, SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";
import type { Formula } from "./rule.ts";

/** What was found to be NaN or infinite, as bits of an optimizer's `faults`. */
export const FAULTS = { gradients: 1, state: 2, values: 4, statistics: 8 } as const;

/** What an optimizer keeps on the GPU. */
export interface Kept {
  /** Rows as long as the parameters, by their names in WGSL. */
  readonly rows: Readonly<Record<string, Tensor>>;
  /** Small tensors that WGSL reads as `array<f32>`. */
  readonly small: Readonly<Record<string, Tensor>>;
  /** u32 `[1]`. */
  readonly faults: Tensor;
}

/** Where settings lie behind the learning rate: a slice begins at a multiple of 256 bytes. */
export const SETTINGS_AT = 64;

/** WGSL that declares settings, from the row that begins with the learning rate. */
export function settingsIn(settings: Readonly<Record<string, number>>): string {
  return Object.keys(settings).map((name, i) => `  let ${name} = learning_rate[${SETTINGS_AT + i}];\n`).join(
    "",
  );
}

/** What a kernel needs that is skipped with an update for which the gradients do not fit 16 bits. */
export function skipPart(
  scaling: GradientScaling | undefined,
): { readonly buffers: Readonly<Record<string, Argument>>; readonly skip: string } {
  if (!scaling) return { buffers: {}, skip: "" };
  return {
    buffers: { scaling: read(scaling.values) },
    skip: `  if (scaling[${SCALING.skip}] != 0.0) { return; }\n`,
  };
}

/**
 * The update of every parameter that is trained from its gradient and what an optimizer remembers of it: one launch, or
 * one for each part of the row that a kernel can bind. Values that become NaN or infinite set bits of `faults`, which
 * stay set.
 */
export function prepareUpdate(
  { name }: { readonly name: string },
  parameters: FlatParameters,
  { uniforms, wgsl, watched, settings = {}, decoupled = false }: Formula,
  { rows, small, faults }: Kept,
): (() => void)[] {
  const { device } = parameters.values;
  const { buffers, skip } = skipPart(parameters.gradientScaling);
  const { trained } = parameters;
  const gradientParts = sliceRow(parameters.gradients, trained);
  const rowParts = Object.entries(rows).map(([row, whole]) => [row, sliceRow(whole, trained)] as const);
  return sliceRow(parameters.values, trained).map((part, i) => {
    const quads = Math.ceil(part.size / 4);
    const values = update(part, "vec4f");
    const gradients = read(gradientParts[i]!, "vec4f");
    const own = rowParts.map(([row, parts]) => [row, update(parts[i]!, "vec4f")] as const);
    return prepareRun(device, {
      label: `${name.toLowerCase()} update`,
      buffers: {
        values,
        gradients,
        ...Object.fromEntries(own),
        ...Object.fromEntries(Object.entries(small).map(([key, tensor]) => [key, read(tensor)])),
        faults: update(faults, "array<atomic<u32>>"),
        ...buffers,
      },
      uniforms: { quads: u32(quads), ...each(f32, uniforms) },
      grid: linearGrid(quads),
      declarations: "fn size_of(x: vec4f) -> vec4u { return bitcast<vec4u>(x) & vec4u(0x7fffffffu); }",
      body: `  if (index >= params.quads) { return; }
${skip}${
        decay(
          values.load("values[index]"),
          `${gradients.load("gradients[index]")}${unscaled(parameters)}`,
          decoupled,
        )
      }
${own.map(([row, { load }]) => `  let old_${row} = ${load(`${row}[index]`)};`).join("\n")}
${settingsIn(settings)}${wgsl}
${own.map(([row, { store }]) => `  ${row}[index] = ${store(`new_${row}`)};`).join("\n")}
  values[index] = ${values.store("result")};
${watch(Object.keys(rows), watched)}`,
    });
  });
}

/** Declares `value`, `true_gradient`, and `gradient`, with the weight decay in one of them. */
function decay(value: string, gradient: string, decoupled: boolean): string {
  if (decoupled) {
    return `  let stored = ${value};
  let value = stored - learning_rate[0] * params.weight_decay * stored;
  let true_gradient = ${gradient};
  let gradient = true_gradient;`;
  }
  return `  let value = ${value};
  let true_gradient = ${gradient};
  let gradient = true_gradient + params.weight_decay * value;`;
}

/** What makes a gradient the true one, behind it. */
function unscaled({ gradientScale = 1, gradientScaling }: FlatParameters): string {
  if (gradientScaling) return ` * scaling[${SCALING.share}]`;
  return gradientScale === 1 ? "" : ` * ${1 / gradientScale}`;
}

/**
 * Raises faults. Numbers that are not finite are recognized by their bits: compilers may take it for granted that
 * comparisons of floats never see such. One comparison for all that is watched, as this is done for every parameter in
 * every step.
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
