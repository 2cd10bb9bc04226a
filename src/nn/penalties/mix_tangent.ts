import { f32, type KernelPart, read, runKernel, u32, update, write } from "../../gpu/kernel/run_kernel.ts";
import { slopeOf } from "../../gpu/kernel/activation.ts";
import { elementWalk } from "../../gpu/ops/elementwise/elements.ts";
import type { FusedActivation } from "../../gpu/mod.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";

/** What {@linkcode mixTangent} and {@linkcode startTangent} mix a tangent with. */
export interface MixWith {
  /** Outputs of the layer, `[batch, ...]`. */
  readonly values: Tensor;
  /** One factor of `values` for each image, `[batch]`. */
  readonly factors: Tensor;
}

/**
 * Takes a tangent `[batch, ...]` through an activation, in its own place, and returns `factors * values + tangent`, a new
 * tensor. `sign` has the sign of what the activation was applied to; without an activation the tangent stays.
 */
export function mixTangent(
  tangent: Tensor,
  { values, factors }: MixWith,
  after?: { readonly activation: FusedActivation; readonly sign: Tensor },
): Tensor {
  const { activation, sign = values } = after ?? {};
  const ownSign = sign !== values;
  const tangents = (activation ? update : read)(tangent, "vec4f");
  const signs = read(sign, "vec4f");
  const slope = activation?.type === "leaky_relu" ? "params.slope * t" : "vec4f()";
  return mix("mix tangent", { values, factors }, {
    buffers: { tangents, ...(ownSign ? { signs } : {}) },
    uniforms: { slope: f32(slopeOf(activation)) },
  }, () =>
    `    let t = ${tangents.load("tangents[at]")};
` + (activation
      ? `    let v = select(${slope}, t, ${ownSign ? signs.load("signs[at]") : "a"} > vec4f());
    tangents[at] = ${tangents.store("v")};`
      : "    let v = t;"));
}

/**
 * The tangent that a walk starts with, and its mix: `tangent = gammas[group] / group size * gradients`, and
 * `mixed = factors * values + tangent`. `gammas` is `[groups]`, one for each of equal groups of images.
 */
export function startTangent(
  gradients: Tensor,
  gammas: Tensor,
  { values, factors }: MixWith,
): { tangent: Tensor; mixed: Tensor } {
  const tangent = gradients.device.empty(gradients.shape);
  const [source, target] = [read(gradients, "vec4f"), write(tangent, "vec4f")];
  const mixed = mix("start tangent", { values, factors }, {
    buffers: { gradients: source, gammas: read(gammas, "array<f32>"), tangents: target },
    uniforms: { group: u32(factors.size / gammas.size) },
  }, (perImage) =>
    `    let gamma = ${perImage("gammas", " / params.group")};
    let v = gamma / f32(params.group) * ${source.load("gradients[at]")};
    tangents[at] = ${target.store("v")};`);
  return { tangent, mixed };
}

/**
 * `factors * values + v`, with `v` from statements that may read `a`, the values at `at`. These get a function that writes the
 * number of each of four neighbors' images in an array.
 */
function mix(
  label: string,
  { values, factors }: MixWith,
  part: KernelPart,
  statements: (perImage: (array: string, suffix?: string) => string) => string,
): Tensor {
  const { device, size } = values;
  const images = factors.size;
  const perImage = size / images;
  // Four neighbors mostly belong to one image
  const together = perImage % 4 === 0;
  const number = (array: string, suffix = "") =>
    together
      ? `vec4f(${array}[image${suffix}])`
      : `vec4f(${["x", "y", "z", "w"].map((axis) => `${array}[image.${axis}${suffix}]`).join(", ")})`;
  const image = together
    ? "at / params.each"
    : "min((at * 4u + vec4u(0u, 1u, 2u, 3u)) / params.each, vec4u(params.images - 1u))";
  const mixed = device.empty(values.shape);
  const [source, target] = [read(values, "vec4f"), write(mixed, "vec4f")];
  const walk = elementWalk(device, Math.ceil(size / 4));
  runKernel(device, {
    label,
    parts: [walk, part],
    buffers: { values: source, factors: read(factors, "array<f32>"), mixed: target },
    uniforms: { each: u32(together ? perImage / 4 : perImage), images: u32(images) },
    workgroup: walk.workgroup,
    grid: walk.grid,
    body: walk.body(`    let image = ${image};
    let a = ${source.load("values[at]")};
${statements(number)}
    mixed[at] = ${target.store(`${number("factors")} * a + v`)};`),
  });
  return mixed;
}
