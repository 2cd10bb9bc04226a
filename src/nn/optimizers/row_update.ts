import { type Argument, each, f32, type KernelRun, read, update } from "../../gpu/kernel/run_kernel.ts";
import { elementWalk } from "../../gpu/ops/elementwise/elements.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { type GradientScaling, SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";
import type { Formula } from "./rule.ts";
import { squareSums } from "./square_sums.ts";

/** What was found to be NaN or infinite, as bits of an optimizer's `faults`. */
export const FAULTS = { gradients: 1, state: 2, values: 4, statistics: 8 } as const;

/** What an optimizer keeps on the GPU. */
export interface Kept {
  /** Rows as long as the parameters, by their names in WGSL. */
  readonly rows: Readonly<Record<string, Tensor>>;
  /** The learning rate, settings and corrections; see {@linkcode RATES}. */
  readonly rates: Tensor;
  /** WGSL that declares what corrects averages that begin at zero, from `rates`. */
  readonly corrections: string;
  /** u32 `[1]`. */
  readonly faults: Tensor;
}

/**
 * Where settings and corrections of averages lie behind the learning rate: a slice begins at a multiple of 256 bytes. They
 * are one row, as kernels can count on no more than 8 buffers.
 */
export const RATES = { settings: 64, corrections: 128 } as const;

/** WGSL that declares settings, from the row that begins with the learning rate. */
export function settingsIn(settings: Readonly<Record<string, number>>): string {
  return Object.keys(settings).map((name, i) => `  let ${name} = rates[${RATES.settings + i}];\n`).join("");
}

/** What a kernel needs to know if an update is skipped, for which the gradients do not fit 16 bits. */
export function skipPart(
  scaling: GradientScaling | undefined,
): { readonly buffers: Readonly<Record<string, Argument>>; readonly skip: string } {
  if (!scaling) return { buffers: {}, skip: "" };
  return { buffers: { scaling: read(scaling.values) }, skip: `scaling[${SCALING.skip}] != 0.0` };
}

/** How graphics cards share out fours of values: few enough workgroups that what these find is soon added up. */
const SHARING = { threads: 128, each: 4 } as const;

/** The launches of an update, and what they find on their way. */
export interface RowUpdate {
  /** One launch, or one for each part of the row that a kernel can bind. */
  readonly runs: readonly KernelRun[];
  /** Sums of the squares of the true gradients, as {@linkcode squareSums} has them, if they were asked for. */
  readonly squares: Tensor | undefined;
}

/**
 * The update of every parameter that is trained from its gradient and what an optimizer remembers of it. Values that
 * become NaN or infinite set bits of `faults`, which stay set.
 *
 * @param withSquares Whether the gradients' squares are added up as well.
 */
export function rowUpdate(
  { name }: { readonly name: string },
  parameters: FlatParameters,
  { uniforms, wgsl, once = "", watched, settings = {}, decoupled = false }: Formula,
  { rows, rates, corrections, faults }: Kept,
  withSquares: boolean,
): RowUpdate {
  const { device } = parameters.values;
  const { buffers, skip } = skipPart(parameters.gradientScaling);
  const { trained } = parameters;
  const gradientParts = sliceRow(parameters.gradients, trained);
  const rowParts = Object.entries(rows).map(([row, whole]) => [row, sliceRow(whole, trained)] as const);
  const parts = sliceRow(parameters.values, trained);
  const walks = parts.map(({ size }) => elementWalk(device, Math.ceil(size / 4), SHARING));
  const sums = withSquares ? squareSums(device, walks, parts) : undefined;
  const runs = parts.map((part, i): KernelRun => {
    const walk = walks[i]!;
    const values = update(part, "vec4f");
    const gradients = read(gradientParts[i]!, "vec4f");
    const own = rowParts.map(([row, parts]) => [row, update(parts[i]!, "vec4f")] as const);
    const stores = `${own.map(([row, { store }]) => `    ${row}[at] = ${store(`new_${row}`)};`).join("\n")}
    values[at] = ${values.store("result")};
${watch(Object.keys(rows), watched)}`;
    const squares = sums?.of(i);
    return {
      label: `${name.toLowerCase()} update`,
      parts: [walk, ...(squares ? [squares.part] : [])],
      buffers: {
        values,
        gradients,
        ...Object.fromEntries(own),
        rates: read(rates),
        faults: update(faults, "array<atomic<u32>>"),
        ...buffers,
      },
      uniforms: each(f32, uniforms),
      grid: walk.grid,
      workgroup: walk.workgroup,
      declarations: "fn size_of(x: vec4f) -> vec4u { return bitcast<vec4u>(x) & vec4u(0x7fffffffu); }",
      body: `  let learning_rate = rates[0];
${settingsIn(settings)}${corrections}${once}
${skip && `  let is_skipped = ${skip};\n`}${squares?.before ?? ""}
${
        walk.body(`${
          decay(
            values.load("values[at]"),
            `${gradients.load("gradients[at]")}${unscaled(parameters)}`,
            decoupled,
          )
        }
${squares?.add("true_gradient") ?? ""}
${own.map(([row, { load }]) => `    let old_${row} = ${load(`${row}[at]`)};`).join("\n")}
${wgsl}
${skip ? `    if (!is_skipped) {\n${stores}\n    }` : stores}`)
      }
${squares?.after ?? ""}`,
    };
  });
  return { runs, squares: sums?.squares };
}

/** Declares `value`, `true_gradient`, and `gradient`, with the weight decay in one of them. */
function decay(value: string, gradient: string, decoupled: boolean): string {
  if (decoupled) {
    return `    let stored = ${value};
    let value = stored - learning_rate * params.weight_decay * stored;
    let true_gradient = ${gradient};
    let gradient = true_gradient;`;
  }
  return `    let value = ${value};
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
