import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { f32, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import type { Tensor } from "../../gpu/mod.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import { SCALING } from "../gradient_scaling.ts";
import { sliceRow } from "../weights/row_slices.ts";
import type { FlatParameters } from "./optimizer.ts";

/** Threads that add up the sums of workgroups. */
const THREADS = 64;

/** Fours of numbers whose squares a workgroup adds. */
const QUADS = 2048;

/**
 * Threads that share them. On a software adapter a workgroup is one SIMD register wide: llvmpipe takes a
 * quarter to a half of the time that it takes with 64 threads.
 */
const SHARING = { hardware: 64, software: 8 } as const;

/** Squares of floats above 1.8e19 are infinite: those of numbers this many times smaller are not. */
const SMALLER = 2 ** -96;

/** Gradients in a row, and how they are scaled. */
type GradientRow = Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">;

/**
 * The norm of all gradients of a network together, or of those of any other row of parameters, as
 * `torch.nn.utils.clip_grad_norm_` returns it:
 *
 * ```text
 * norm = square root of the sum of the squares of all gradients
 * ```
 *
 * Call it after the backward pass. It reads nothing back, so it can be part of a program. Of gradients that
 * are scaled, as in a network of f16, it is the norm of the true ones. It is NaN or infinite if one of them is.
 *
 * It is two launches, as long as a kernel can bind all gradients at once. Sums have a fixed order: the same
 * gradients give the same bytes.
 *
 * @returns The norm, f32 `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { gradientNorm } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * assertEquals(await gradientNorm({ gradients: device.tensor([3, 0, -4]) }).item(), 5);
 * ```
 *
 * @throws {TypeError} if the gradients are not f32.
 * @throws {RangeError} if they are not of a shape `[length]`, or their scale is not above 0 and finite.
 */
export function gradientNorm(
  parameters: Pick<FlatParameters, "gradients" | "gradientScale" | "gradientScaling">,
): Tensor {
  checkGradients(parameters, "compute a norm of gradients");
  using squares = addSquares(sliceRow(parameters.gradients));
  return finish(squares, parameters);
}

/**
 * Throws unless gradients are a row of 32-bit floats, with a scale that can be undone.
 *
 * @param does What is to be done with them, to begin the message with.
 */
export function checkGradients({ gradients, gradientScale = 1 }: GradientRow, does: string): void {
  const { dtype, rank, shape } = gradients;
  if (dtype !== "f32") throw new TypeError(`Cannot ${does}: they must be f32, found ${dtype}`);
  if (rank !== 1) {
    throw new RangeError(`Cannot ${does}: they must be of a shape [length], found ${formatShape(shape)}`);
  }
  checkFactor(gradientScale, "scale", does);
}

/** Throws unless a number is above 0 and finite, also as a 32-bit float. */
export function checkFactor(value: number, what: string, does: string): void {
  if (value > 0 && Math.fround(value) > 0 && Math.fround(value) < Infinity) return;
  throw new RangeError(`Cannot ${does}: the ${what} must be above 0 and finite, found ${value}`);
}

/**
 * `[groups, 2]`: for each few thousand numbers of a row, cut in slices, the sum of their squares, and the same
 * of the numbers times {@linkcode SMALLER}.
 */
function addSquares(slices: readonly Tensor[]): Tensor {
  const { device } = slices[0]!;
  const threads = device.adapter.software ? SHARING.software : SHARING.hardware;
  const counts = slices.map(({ size }) => Math.ceil(size / 4 / QUADS));
  const squares = device.empty([counts.reduce((sum, count) => sum + count), 2]);
  let first = 0;
  for (const [i, slice] of slices.entries()) {
    const values = read(slice, "vec4f");
    runKernel(device, {
      label: "gradient squares",
      buffers: { values, squares: write(squares, "array<vec2f>") },
      uniforms: { size: u32(slice.size), groups: u32(counts[i]!), first: u32(first) },
      workgroup: threads,
      grid: linearGrid(counts[i]!, 1),
      declarations: `var<workgroup> partial: array<vec2f, ${threads}>;`,
      iterations: loopIterations(QUADS / threads) + treeIterations(threads),
      body: `  let workgroup_index = group.y * groups.x + group.x;
  if (workgroup_index >= params.groups) { return; }
  let start = workgroup_index * ${QUADS}u;
  let end = min((params.size + 3u) / 4u, start + ${QUADS}u);
  var squares_of_all = vec4f();
  var squares_of_smaller = vec4f();
  for (var at = start + thread; at < end; at += ${threads}u) {
    // What lies behind the last number may be anything
    let behind = at * 4u + vec4u(0u, 1u, 2u, 3u) >= vec4u(params.size);
    let four = select(${values.load("values[at]")}, vec4f(), behind);
    let smaller = four * ${SMALLER};
    squares_of_all += four * four;
    squares_of_smaller += smaller * smaller;
  }
  let one = vec4f(1.0);
  var total = vec2f(dot(squares_of_all, one), dot(squares_of_smaller, one));
${workgroupTree({ value: "total", half: `${threads / 2}u`, shared: "partial" })}
  if (thread == 0u) { squares[params.first + workgroup_index] = total; }`,
    });
    first += counts[i]!;
  }
  return squares;
}

/** The norm of the true gradients. */
function finish(squares: Tensor, { gradientScale = 1, gradientScaling }: GradientRow): Tensor {
  const { device, shape } = squares;
  const norm = device.empty([]);
  const groups = shape[0]!;
  runKernel(device, {
    label: "gradient norm",
    buffers: {
      squares: read(squares, "array<vec2f>"),
      ...(gradientScaling ? { scaling: read(gradientScaling.values) } : {}),
      norm: write(norm, "array<f32>"),
    },
    uniforms: { groups: u32(groups), share: f32(1 / gradientScale) },
    workgroup: THREADS,
    grid: [1, 1, 1],
    declarations: `var<workgroup> partial: array<vec2f, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(groups / THREADS)) + treeIterations(THREADS),
    body: `  var total = vec2f();
  for (var k = thread; k < params.groups; k += ${THREADS}u) { total += squares[k]; }
${workgroupTree({ value: "total", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread != 0u) { return; }
  let is_finite = (bitcast<u32>(total.x) & 0x7fffffffu) < 0x7f800000u;
  let scaled = select(sqrt(total.y) * ${1 / SMALLER}, sqrt(total.x), is_finite);
  norm[0] = scaled * ${gradientScaling ? `scaling[${SCALING.share}]` : "params.share"};`,
  });
  return norm;
}
