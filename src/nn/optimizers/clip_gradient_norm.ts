import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { f32, read, runKernel, u32, update, write } from "../../gpu/kernel/run_kernel.ts";
import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import { elementWalk } from "../../gpu/ops/elementwise/elements.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import { SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";

const THREADS = 64;

/** The most squares that one thread adds in a row, four rows side by side. */
const RUN = 32;

/** Fours of numbers whose squares a workgroup adds. */
const QUADS = THREADS * RUN;

/** Squares of floats above 1.8e19 are infinite: those of numbers this many times smaller are not. */
const SMALLER = 2 ** -96;

/** Added to the norm before it divides, as PyTorch does. */
const EPS = 1e-6;

/**
 * Shortens the gradients of a network, or of any other row of parameters, to a norm, as
 * `torch.nn.utils.clip_grad_norm_`:
 *
 * ```text
 * norm = square root of the sum of the squares of all gradients
 * gradients *= min(1, maxNorm / (norm + 1e-6))
 * ```
 *
 * Call it between the backward pass and the optimizer's step. It reads nothing back, so it can be part of a program.
 * Gradients that are scaled, as in a network of f16, stay scaled: the norm is that of the true ones. If the norm is NaN
 * or infinite, the gradients stay as they are, so that the optimizer finds what is wrong with them.
 *
 * It is three launches, as long as a kernel can bind all gradients at once.
 *
 * @returns The norm before, f32 `[]`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { clipGradientNorm } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * const gradients = device.tensor([3, 0, -4]);
 * const norm = clipGradientNorm({ gradients }, 1);
 * assertEquals(await norm.item(), 5);
 * assertAlmostEquals((await gradients.data())[2]!, -0.8, 1e-6);
 * ```
 *
 * @throws {TypeError} if the gradients are not f32.
 * @throws {RangeError} if they are not of a shape `[length]`, or the norm or their scale is not above 0 and finite.
 */
export function clipGradientNorm(
  parameters: Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">,
  maxNorm: number,
): Tensor {
  const { gradients } = parameters;
  check(parameters, maxNorm);
  const slices = sliceRow(gradients);
  using squares = addSquares(slices);
  const { norm, factor } = finish(squares, parameters, maxNorm);
  using _factor = factor;
  for (const part of slices) shorten(part, factor);
  return norm;
}

function check(
  { gradients, gradientScale = 1 }: Pick<FlatParameters, "gradients" | "gradientScale">,
  maxNorm: number,
): void {
  const { dtype, rank, shape } = gradients;
  if (dtype !== "f32") throw new TypeError(`Cannot clip gradients: they must be f32, found ${dtype}`);
  if (rank !== 1) {
    throw new RangeError(
      `Cannot clip gradients: they must be of a shape [length], found ${formatShape(shape)}`,
    );
  }
  for (const [what, value] of [["norm", maxNorm], ["scale", gradientScale]] as const) {
    if (value > 0 && Math.fround(value) > 0 && Math.fround(value) < Infinity) continue;
    throw new RangeError(`Cannot clip gradients: the ${what} must be above 0 and finite, found ${value}`);
  }
}

/**
 * `[groups, 2]`: for each few thousand numbers of a row, cut in slices, the sum of their squares, and the same of the
 * numbers times {@linkcode SMALLER}.
 */
function addSquares(slices: readonly Tensor[]): Tensor {
  const { device } = slices[0]!;
  const counts = slices.map(({ size }) => Math.ceil(size / 4 / QUADS));
  const squares = device.empty([counts.reduce((sum, count) => sum + count), 2]);
  let first = 0;
  for (const [i, slice] of slices.entries()) {
    const values = read(slice, "vec4f");
    runKernel(device, {
      label: "gradient squares",
      buffers: { values, squares: write(squares, "array<vec2f>") },
      uniforms: { size: u32(slice.size), groups: u32(counts[i]!), first: u32(first) },
      workgroup: THREADS,
      grid: linearGrid(counts[i]!, 1),
      declarations: `var<workgroup> partial: array<vec2f, ${THREADS}>;`,
      iterations: loopIterations(RUN) + treeIterations(THREADS),
      body: `  let workgroup_index = group.y * groups.x + group.x;
  if (workgroup_index >= params.groups) { return; }
  let start = workgroup_index * ${QUADS}u;
  let end = min((params.size + 3u) / 4u, start + ${QUADS}u);
  var squares_of_all = vec4f();
  var squares_of_smaller = vec4f();
  for (var at = start + thread; at < end; at += ${THREADS}u) {
    // What lies behind the last number may be anything
    let behind = at * 4u + vec4u(0u, 1u, 2u, 3u) >= vec4u(params.size);
    let four = select(${values.load("values[at]")}, vec4f(), behind);
    let smaller = four * ${SMALLER};
    squares_of_all += four * four;
    squares_of_smaller += smaller * smaller;
  }
  let one = vec4f(1.0);
  var total = vec2f(dot(squares_of_all, one), dot(squares_of_smaller, one));
${workgroupTree({ value: "total", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread == 0u) { squares[params.first + workgroup_index] = total; }`,
    });
    first += counts[i]!;
  }
  return squares;
}

/** The norm, and what the gradients are multiplied with. */
function finish(
  squares: Tensor,
  { gradientScale = 1, gradientScaling }: Pick<FlatParameters, "gradientScale" | "gradientScaling">,
  maxNorm: number,
): { norm: Tensor; factor: Tensor } {
  const { device, shape } = squares;
  const [norm, factor] = [device.empty([]), device.empty([1])];
  const groups = shape[0]!;
  runKernel(device, {
    label: "gradient norm",
    buffers: {
      squares: read(squares, "array<vec2f>"),
      ...(gradientScaling ? { scaling: read(gradientScaling.values) } : {}),
      norm: write(norm, "array<f32>"),
      factor: write(factor, "array<f32>"),
    },
    uniforms: { groups: u32(groups), most: f32(maxNorm), share: f32(1 / gradientScale) },
    workgroup: THREADS,
    grid: [1, 1, 1],
    declarations: `var<workgroup> partial: array<vec2f, ${THREADS}>;
fn is_finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }`,
    iterations: loopIterations(Math.ceil(groups / THREADS)) + treeIterations(THREADS),
    body: `  var total = vec2f();
  for (var k = thread; k < params.groups; k += ${THREADS}u) { total += squares[k]; }
${workgroupTree({ value: "total", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread != 0u) { return; }
  let scaled = select(sqrt(total.y) * ${1 / SMALLER}, sqrt(total.x), is_finite(total.x));
  let found = scaled * ${gradientScaling ? `scaling[${SCALING.share}]` : "params.share"};
  norm[0] = found;
  factor[0] = select(1.0, min(1.0, params.most / (found + ${EPS})), is_finite(found));`,
  });
  return { norm, factor };
}

/** Multiplies a row in its own place, unless the factor is 1. */
function shorten(row: Tensor, factor: Tensor): void {
  const { device, size } = row;
  const gradients = update(row, "f32");
  const walk = elementWalk(device, size);
  runKernel(device, {
    label: "clip gradients",
    parts: [walk],
    buffers: { gradients, factor: read(factor, "array<f32>") },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: `  let factor_now = factor[0];
  if (factor_now >= 1.0) { return; }
${walk.body(`    gradients[at] = ${gradients.store(`${gradients.load("gradients[at]")} * factor_now`)};`)}`,
  });
}
