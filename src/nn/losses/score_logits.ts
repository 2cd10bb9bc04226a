import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import type { Device } from "../../gpu/device/device.ts";
import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { each, type KernelRun, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { expectKnownOptions } from "../../gpu/tensor/known_options.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { derive } from "../../gpu/autograd/origin.ts";
import { STABLE_MATH } from "../../gpu/kernel/stable_math.ts";

/** What one group of logits is scored against. */
export interface LogitTarget {
  /** What the logits aim at. Each loss says what that is: a probability, a value, or a side of 0. */
  readonly target: number;
  /**
   * Factor of the loss.
   *
   * @default {1}
   */
  readonly scale?: number;
}

/** A loss as the formula of one logit. Both texts are WGSL and get the names of a value and of its target. */
export interface LogitFormula {
  /** Name for error messages and profiles. */
  readonly name: string;
  /** The loss, a `vec4f` of a `vec4f`. */
  readonly loss: (value: string, target: string) => string;
  /** Its derivative by the value, an `f32` of an `f32`. The probability of the logit is `p`. */
  readonly slope: (value: string, target: string) => string;
  /**
   * Whether the value is how far a logit leads the one at its place in the other of two groups, instead of the logit.
   * Each loss then has a gradient by both. The second group may go without a target and so without scores.
   */
  readonly paired?: boolean;
}

/** What is scored of a logit against something else than its group's target. */
export interface ScoreOptions {
  /**
   * Of each logit, something else than 0 if it is scored against the target of the other group. There must be two groups
   * then. Each group keeps its scale.
   */
  readonly flips?: Tensor;
}

const THREADS = 64;

/**
 * Mean loss and mean probability of each of several equal groups of logits, `[targets, 2]`. One launch, and one for the
 * gradient, whatever the formula.
 *
 * @throws {RangeError} if the logits do not fall into that many equal groups, or there is not one flip for each.
 * @throws {TypeError} if a target has an option that there is none of, or flips are not f32.
 */
export function scoreLogits(
  logits: Tensor,
  targets: readonly LogitTarget[],
  formula: LogitFormula,
  options: ScoreOptions = {},
): Tensor {
  const { device, size } = logits;
  for (const target of targets) {
    expectKnownOptions(`A target of ${formula.name}()`, target, { target: true, scale: true });
  }
  const rows = targets.length;
  const groups = formula.paired ? 2 : rows;
  if (rows < 1 || rows > groups || size % groups !== 0) {
    const some = formula.paired && rows !== 1 && rows !== 2;
    throw new RangeError(
      some
        ? `Cannot score pairs of logits: targets must be 1 or 2, found ${rows}`
        : `Logits of shape ${formatShape(logits.shape)} do not fall into ${groups} equal groups`,
    );
  }
  const flips = checkedFlips(logits, targets, options);
  const count = size / groups;
  using aims = aimsOn(device, targets);
  const scores = device.empty([rows, 2]);
  const value = formula.paired ? "lead" : "value";
  const lead = "    let lead = value - vec4f(x[(1u - group.x) * params.count + i]);\n";
  runKernel(device, {
    label: formula.name,
    buffers: {
      x: read(logits, "array<f32>"),
      aims: read(aims, "array<vec2f>"),
      ...(flips ? { flips: read(flips, "array<f32>") } : {}),
      scores: write(scores, "array<vec2f>"),
    },
    uniforms: { count: u32(count) },
    grid: [rows, 1, 1],
    workgroup: THREADS,
    declarations: `${STABLE_MATH}
var<workgroup> partial: array<vec2f, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(count / THREADS)) + treeIterations(THREADS),
    body: `  let aim = aims[group.x];
  var sum = vec2f();
  for (var i = thread; i < params.count; i += ${THREADS}u) {
    let value = vec4f(x[group.x * params.count + i]);
${formula.paired ? lead : ""}${
      flips ? `    ${flippedTarget("group.x", "group.x * params.count + i")}\n` : ""
    }    let loss = ${formula.loss(value, flips ? "wanted" : "aim.x")};
    sum += vec2f(loss.x, sigmoid_of(value).x);
  }
${workgroupTree({ value: "sum", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread == 0u) { scores[group.x] = sum * vec2f(aim.y, 1.0) / f32(params.count); }`,
  });
  const scored = { logits, targets, formula, flips, count };
  return derive(scores, [logits], (gradient) => [logitsGradient(scored, gradient)]);
}

function checkedFlips(
  { size }: Tensor,
  targets: readonly LogitTarget[],
  { flips }: ScoreOptions,
): Tensor | undefined {
  if (!flips) return undefined;
  if (flips.dtype !== "f32") {
    throw new TypeError(`Cannot score logits: flips must be f32, found ${flips.dtype}.`);
  }
  if (flips.size !== size || targets.length !== 2) {
    throw new RangeError(
      `Cannot score logits: there must be a flip for each of ${size} logits in two groups, found ${flips.size} flips ` +
        `and ${targets.length} ${targets.length === 1 ? "group" : "groups"}.`,
    );
  }
  return flips;
}

/** WGSL of what is `wanted` of the logit at a place, of a group. */
function flippedTarget(group: string, place: string): string {
  return `let wanted = select(aims[${group}].x, aims[1u - ${group}].x, flips[${place}] != 0.0);`;
}

/** Target and scale of each group. Uploaded anew for the gradient, so that neither upload outlives its launch. */
function aimsOn(device: Device, targets: readonly LogitTarget[]): Tensor {
  return device.tensor(targets.flatMap(({ target, scale = 1 }) => [target, scale]));
}

/** A kernel that finds the gradient by the logits. */
type Gradient = Pick<KernelRun, "uniforms" | "body">;

/** The gradient of losses that look at one logit each. */
function ownGradient({ slope }: LogitFormula, count: number, size: number, flipped: boolean): Gradient {
  return {
    uniforms: each(u32, { count, size }),
    body: `  if (index >= params.size) { return; }
  let aim = aims[index / params.count];
${
      flipped
        ? `  let own = index / params.count;\n  ${flippedTarget("own", "index")}\n`
        : ""
    }  let flowing = upstream[index / params.count];
  let p = sigmoid_of(vec4f(x[index])).x;
  gradient[index] = (flowing.x * aim.y * (${
      slope("x[index]", flipped ? "wanted" : "aim.x")
    }) + flowing.y * p * (1.0 - p)) / f32(params.count);`,
  };
}

/** The gradient of losses of pairs: that of a logit's own loss, less that of its rival's, which it holds back. */
function pairedGradient({ slope }: LogitFormula, count: number, size: number, rows: number): Gradient {
  return {
    uniforms: each(u32, { count, size, rows }),
    body: `  if (index >= params.size) { return; }
  let own = index / params.count;
  let other = 1u - own;
  let lead = x[index] - x[other * params.count + index % params.count];
  let p = sigmoid_of(vec4f(x[index])).x;
  var sum = 0.0;
  if (own < params.rows) {
    let aim = aims[own];
    let flowing = upstream[own];
    sum += flowing.x * aim.y * (${slope("lead", "aim.x")}) + flowing.y * p * (1.0 - p);
  }
  if (other < params.rows) {
    let aim = aims[other];
    sum -= upstream[other].x * aim.y * (${slope("(-lead)", "aim.x")});
  }
  gradient[index] = sum / f32(params.count);`,
  };
}

/** Logits, and what they are scored against. */
interface Scored {
  readonly logits: Tensor;
  readonly targets: readonly LogitTarget[];
  readonly formula: LogitFormula;
  readonly flips: Tensor | undefined;
  /** Logits in a group. */
  readonly count: number;
}

function logitsGradient({ logits: x, targets, formula, flips, count }: Scored, upstream: Tensor): Tensor {
  using aims = aimsOn(x.device, targets);
  const gradient = x.device.empty(x.shape);
  runKernel(x.device, {
    label: `${formula.name} gradient`,
    buffers: {
      x: read(x, "array<f32>"),
      aims: read(aims, "array<vec2f>"),
      upstream: read(upstream, "array<vec2f>"),
      ...(flips ? { flips: read(flips, "array<f32>") } : {}),
      gradient: write(gradient, "array<f32>"),
    },
    grid: linearGrid(x.size),
    declarations: STABLE_MATH,
    ...(formula.paired
      ? pairedGradient(formula, count, x.size, targets.length)
      : ownGradient(formula, count, x.size, flips !== undefined)),
  });
  return gradient;
}
