import { workgroupTree } from "../../gpu/kernel/workgroup_tree.ts";
import type { Device } from "../../gpu/device/device.ts";
import { loopIterations, treeIterations } from "../../gpu/kernel/iterations.ts";
import { linearGrid } from "../../gpu/kernel/kernel.ts";
import { type Argument, each, read, runKernel, u32, write } from "../../gpu/kernel/run_kernel.ts";
import { firstReading } from "../../gpu/ops/batch_norm/summed_rows.ts";
import { expectKnownOptions } from "../../gpu/tensor/known_options.ts";
import { formatShape, sameShape } from "../../gpu/tensor/shape.ts";
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

/** How logits are scored. */
export interface ScoreOptions {
  /**
   * Of each logit, something else than 0 if it is scored against the target of the other group. There must be two groups
   * then. Each group keeps its scale.
   */
  readonly flips?: Tensor;
  /**
   * The gradient by the scores that will be asked for, of their shape: the tensor itself, as a seed of `gradients()`. That
   * by the logits is then found by the same launch, and is ready when it is asked for. Other gradients still take a launch
   * of their own.
   */
  readonly seed?: Tensor;
}

/** How logits are scored by losses without labels to flip. */
export type SeedOptions = Pick<ScoreOptions, "seed">;

const THREADS = 64;

/**
 * Mean loss and mean probability of each of several equal groups of logits, `[targets, 2]`. One launch, and one for the
 * gradient if no seed was given, whatever the formula.
 *
 * @throws {RangeError} if the logits do not fall into that many equal groups, there is not one flip for each, or the seed
 * is of another shape than the scores.
 * @throws {TypeError} if a target has an option that there is none of, or logits or flips are not f32.
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
  if (logits.dtype !== "f32") {
    throw new TypeError(
      `Cannot score logits: they must be f32, found ${logits.dtype}. Convert them with cast().`,
    );
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
  const seed = checkedSeed(rows, options);
  const count = size / groups;
  const scored: Scored = { logits, targets, formula, flips, count };
  using aims = aimsOn(device, targets);
  const scores = device.empty([rows, 2]);
  const ready = seed && device.empty(logits.shape);
  // Logits of pairs are read twice
  using column = logits.reshape([size, 1]);
  const reading = formula.paired ? undefined : firstReading("x", column);
  const value = formula.paired ? "lead" : "value";
  const lead = "    let lead = value - vec4f(x[(1u - group.x) * params.count + i]);\n";
  runKernel(device, {
    label: formula.name,
    parts: reading ? [reading] : [],
    buffers: {
      ...(reading ? {} : { x: read(logits, "array<f32>") }),
      ...readings(scored, aims),
      ...(ready ? { upstream: read(seed, "array<vec2f>"), gradient: write(ready, "array<f32>") } : {}),
      scores: write(scores, "array<vec2f>"),
    },
    uniforms: each(u32, { count, rows }),
    // Those without a score have a gradient
    grid: [ready ? groups : rows, 1, 1],
    workgroup: THREADS,
    declarations: `${STABLE_MATH}
var<workgroup> partial: array<vec2f, ${THREADS}>;`,
    iterations: loopIterations(Math.ceil(count / THREADS), reading?.iterationsEach) + treeIterations(THREADS),
    body: `  let aim = aims[min(group.x, params.rows - 1u)];
  var sum = vec2f();
  for (var i = thread; i < params.count; i += ${THREADS}u) {
    let place = group.x * params.count + i;
    let value = vec4f(${reading ? reading.value("place") : "x[place]"});
${formula.paired ? lead : ""}${flips ? `    ${flippedTarget("group.x")}\n` : ""}    let loss = ${
      formula.loss(value, flips ? "wanted" : "aim.x")
    };
    sum += vec2f(loss.x, sigmoid_of(value).x);
${ready ? `    {\n      let own = group.x;\n${slopeLines(scored)}\n    }` : ""}
  }
${workgroupTree({ value: "sum", half: `${THREADS / 2}u`, shared: "partial" })}
  if (thread == 0u && group.x < params.rows) { scores[group.x] = sum * vec2f(aim.y, 1.0) / f32(params.count); }`,
  });
  return derive(
    scores,
    [logits],
    (gradient) => [ready && gradient === seed ? ready : logitsGradient(scored, gradient)],
    ready ? [ready] : [],
  );
}

function checkedSeed(rows: number, { seed }: ScoreOptions): Tensor | undefined {
  if (!seed || sameShape(seed.shape, [rows, 2])) return seed;
  throw new RangeError(
    `Cannot score logits: the seed must be of shape [${rows}, 2], as the scores are, found ${
      formatShape(seed.shape)
    }.`,
  );
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

/** WGSL of what is `wanted` of the logit at `place`, of a group. */
function flippedTarget(group: string): string {
  return `let wanted = select(aims[${group}].x, aims[1u - ${group}].x, flips[place] != 0.0);`;
}

/** Target and scale of each group. Uploaded anew for the gradient, so that neither upload outlives its launch. */
function aimsOn(device: Device, targets: readonly LogitTarget[]): Tensor {
  return device.tensor(targets.flatMap(({ target, scale = 1 }) => [target, scale]));
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

/** What both kernels read besides the logits. */
function readings({ flips }: Scored, aims: Tensor): Record<string, Argument> {
  return { aims: read(aims, "array<vec2f>"), ...(flips ? { flips: read(flips, "array<f32>") } : {}) };
}

/**
 * WGSL that stores the gradient by the logit at `place`, whose `value` is that of group `own`: of losses that look at one
 * logit each, or of pairs, that of a logit's own loss less that of its rival's, which it holds back.
 */
function slopeLines({ formula: { slope, paired }, flips }: Scored): string {
  const p = "  let p = sigmoid_of(value).x;";
  if (!paired) {
    return `  let aim = aims[own];
${flips ? `  ${flippedTarget("own")}\n` : ""}  let flowing = upstream[own];
${p}
  gradient[place] = (flowing.x * aim.y * (${
      slope("value.x", flips ? "wanted" : "aim.x")
    }) + flowing.y * p * (1.0 - p)) / f32(params.count);`;
  }
  return `  let other = 1u - own;
  let lead = value.x - x[other * params.count + place % params.count];
${p}
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
  gradient[place] = sum / f32(params.count);`;
}

function logitsGradient(scored: Scored, upstream: Tensor): Tensor {
  const { logits: x, targets, formula, count } = scored;
  using aims = aimsOn(x.device, targets);
  const gradient = x.device.empty(x.shape);
  runKernel(x.device, {
    label: `${formula.name} gradient`,
    buffers: {
      x: read(x, "array<f32>"),
      ...readings(scored, aims),
      upstream: read(upstream, "array<vec2f>"),
      gradient: write(gradient, "array<f32>"),
    },
    uniforms: each(u32, { count, rows: targets.length, size: x.size }),
    grid: linearGrid(x.size),
    declarations: STABLE_MATH,
    body: `  if (index >= params.size) { return; }
  let place = index;
  let own = place / params.count;
  let value = vec4f(x[place]);
${slopeLines(scored)}`,
  });
  return gradient;
}
