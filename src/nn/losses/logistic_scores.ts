import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import type { Device } from "../../gpu/device/device.ts";
import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { expectKnownOptions } from "../../gpu/tensor/known_options.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { derive } from "../../gpu/autograd/origin.ts";
import { STABLE_MATH } from "../../gpu/kernel/stable_math.ts";

/** What one group of logits is scored against. */
export interface LogisticTarget {
  /** The target probability, from 0 to 1. */
  readonly target: number;
  /**
   * Factor of the loss.
   *
   * @default {1}
   */
  readonly scale?: number;
}

const THREADS = 64;

/**
 * Scores of a discriminator's logits, for each of several equal groups that follow each other: `[groups, 2]` of the
 * group's mean binary cross entropy with its target (`bceWithLogits`, times the scale) and its mean probability
 * (`meanSigmoid`). One launch computes what a GAN's step needs from real and fake images, and one the gradient.
 *
 * @throws {RangeError} if the logits cannot be divided into equal groups.
 * @throws {TypeError} if a target has an unknown option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { logisticScores, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const scores = logisticScores(device.tensor([2, 0, -3, -3]), [{ target: 1 }, { target: 0 }]);
 * assertEquals(Array.from(await scores.data(), (value) => Math.round(value * 100) / 100), [0.41, 0.69, 0.05, 0.05]);
 * ```
 */
export function logisticScores(logits: Tensor, targets: readonly LogisticTarget[]): Tensor {
  const { device, size } = logits;
  for (const target of targets) {
    expectKnownOptions("A target of logisticScores()", target, { target: true, scale: true });
  }
  const groups = targets.length;
  if (groups < 1 || size % groups !== 0) {
    throw new RangeError(
      `Logits of shape ${formatShape(logits.shape)} do not fall into ${groups} equal groups`,
    );
  }
  const count = size / groups;
  using aims = aimsOn(device, targets);
  const scores = device.empty([groups, 2]);
  runKernel(device, {
    label: "logisticScores",
    buffers: {
      x: read(logits, "array<f32>"),
      aims: read(aims, "array<vec2f>"),
      scores: write(scores, "array<vec2f>"),
    },
    uniforms: { count: u32(count) },
    grid: [groups, 1, 1],
    workgroup: THREADS,
    declarations: `${STABLE_MATH}
var<workgroup> partial: array<vec2f, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(count / THREADS)) + treeIterations(THREADS),
    body: `  let aim = aims[group.x];
  var sum = vec2f();
  for (var i = thread; i < params.count; i += ${THREADS}u) {
    let value = vec4f(x[group.x * params.count + i]);
    let loss = select(value, vec4f(), value < vec4f()) - value * aim.x + log_one_plus(exp_falling(abs(value)));
    sum += vec2f(loss.x, sigmoid_of(value).x);
  }
${workgroupTree({ value: "sum", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread == 0u) { scores[group.x] = sum * vec2f(aim.y, 1.0) / f32(params.count); }`,
  });
  return derive(scores, [logits], (gradient) => [logitsGradient(logits, targets, gradient, count)]);
}

/** Target and scale of each group. Uploaded again for the gradient, since nothing says when the first can be freed. */
function aimsOn(device: Device, targets: readonly LogisticTarget[]): Tensor {
  return device.tensor(targets.flatMap(({ target, scale = 1 }) => [target, scale]));
}

function logitsGradient(
  x: Tensor,
  targets: readonly LogisticTarget[],
  upstream: Tensor,
  count: number,
): Tensor {
  using aims = aimsOn(x.device, targets);
  const gradient = x.device.empty(x.shape);
  runKernel(x.device, {
    label: "logisticScores gradient",
    buffers: {
      x: read(x, "array<f32>"),
      aims: read(aims, "array<vec2f>"),
      upstream: read(upstream, "array<vec2f>"),
      gradient: write(gradient, "array<f32>"),
    },
    uniforms: each(u32, { count, size: x.size }),
    grid: linearGrid(x.size),
    declarations: STABLE_MATH,
    body: `  if (index >= params.size) { return; }
  let aim = aims[index / params.count];
  let flowing = upstream[index / params.count];
  let p = sigmoid_of(vec4f(x[index])).x;
  gradient[index] = (flowing.x * aim.y * (p - aim.x) + flowing.y * p * (1.0 - p)) / f32(params.count);`,
  });
  return gradient;
}
