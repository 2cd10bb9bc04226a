import { loopIterations, treeIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, update, write } from "../../kernel/run_kernel.ts";
import type { Wanted } from "../../autograd/origin.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementWalk } from "../elementwise/elements.ts";
import type { SpectralNormalization } from "./spectral_norm.ts";
import { sharedTotals, sumOfTotals } from "./totals.ts";
import { outerProduct, weightMatrix } from "./weight_matrix.ts";

/** Workgroups of the inner product, which leave a number each, and their threads. */
const PARTS = {
  software: { workgroups: 64, threads: 8 },
  hardware: { workgroups: 256, threads: 256 },
} as const;

/** `weight / sigma`. */
export function divideBySigma(weight: Tensor, sigma: Tensor): Tensor {
  const { device } = weight;
  const normalized = device.empty(weight.shape);
  const walk = elementWalk(device, Math.ceil(weight.size / 4));
  const [from, into] = [read(weight, "vec4f"), write(normalized, "vec4f")];
  runKernel(device, {
    label: "spectral norm",
    parts: [walk],
    buffers: { weight: from, sigma: read(sigma), normalized: into },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    normalized[at] = ${into.store(`${from.load("weight[at]")} / sigma[0]`)};`),
  });
  return normalized;
}

/**
 * The gradient of a weight, from the gradient `g` of the weight divided by its norm. `u` and `v` are constants, so that
 * the gradient of `sigma = uᵀ M v` is `u vᵀ`:
 *
 * ```text
 * gradient of weight = (g - (sum of g * weight / sigma) * u vᵀ) / sigma
 * ```
 */
export function spectralGradient(
  { weight: normalized, sigma, u, v, axis }: SpectralNormalization,
  gradient: Tensor,
  { into, accumulate = false }: Wanted = {},
): Tensor {
  const { device, shape } = normalized;
  const { rows, inner, ...matrix } = weightMatrix(shape, axis);
  const result = into ?? device.empty(shape);
  using parts = innerProducts(gradient, normalized);
  const { width, buffers, lines } = outerProduct({ rows, inner, ...matrix }, u, v);
  const walk = elementWalk(device, Math.ceil(result.size / width));
  const type = width === 4 ? "vec4f" : "f32";
  const from = read(gradient, type);
  const target = (accumulate ? update : write)(result, type);
  const before = accumulate ? `${target.load("result[at]")} + ` : "";
  const threads = walk.workgroup;
  runKernel(device, {
    label: "spectral norm gradient",
    parts: [walk],
    buffers: { gradient: from, sigma: read(sigma), parts: read(parts), ...buffers, result: target },
    uniforms: each(u32, { rows, inner, parts: parts.size }),
    workgroup: threads,
    grid: walk.grid,
    declarations: sharedTotals(threads),
    iterations: loopIterations(Math.ceil(parts.size / threads)) + treeIterations(threads),
    body: `  var total = 0.0;
  for (var part = thread; part < params.parts; part += ${threads}u) { total += parts[part]; }
${sumOfTotals(threads)}
  let along = shared_totals[0];
${
      walk.body(`${lines}
    let change = (${from.load("gradient[at]")} - along * product) / sigma[0];
    result[at] = ${target.store(`${before}change`)};`)
    }`,
  });
  return result;
}

/** Parts of the inner product of two tensors of one size. */
function innerProducts(a: Tensor, b: Tensor): Tensor {
  const { device, size } = a;
  // What lies behind the last element of a tensor is undefined
  const [type, width] = size % 4 === 0 ? ["vec4f", 4] as const : ["f32", 1] as const;
  const terms = size / width;
  const { threads, workgroups } = PARTS[device.adapter.software ? "software" : "hardware"];
  const most = threads * Math.max(1, Math.floor(device.capabilities.loopIterations / 2));
  const count = Math.max(Math.ceil(terms / most), Math.min(workgroups, Math.ceil(terms / threads)));
  const span = Math.ceil(terms / count);
  const parts = device.empty([count]);
  const [left, right] = [read(a, type), read(b, type)];
  runKernel(device, {
    label: "spectral norm inner products",
    buffers: { a: left, b: right, parts: write(parts) },
    uniforms: each(u32, { count, terms, span }),
    workgroup: threads,
    grid: linearGrid(count, 1),
    declarations: sharedTotals(threads),
    iterations: loopIterations(Math.ceil(span / threads)) + treeIterations(threads),
    body: `  let which = group.y * groups.x + group.x;
  if (which >= params.count) { return; }
  let end = min(params.terms, (which + 1u) * params.span);
  var sums = ${type}();
  for (var at = which * params.span + thread; at < end; at += ${threads}u) {
    sums += ${left.load("a[at]")} * ${right.load("b[at]")};
  }
  var total = ${width === 4 ? "(sums.x + sums.y) + (sums.z + sums.w)" : "sums"};
${sumOfTotals(threads)}
  if (thread == 0u) { parts[which] = shared_totals[0]; }`,
  });
  return parts;
}
