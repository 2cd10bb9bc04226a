import type { Examples } from "./products.ts";
import { exactStep } from "./exact_step.ts";
import { addTo, dot, QuasiNewton } from "../solvers/quasi_newton.ts";

/** A linear classifier: the class of an example is the one with the largest score `w . x + b`. */
export interface LinearModel {
  /** `[classes, dimensions]`. */
  readonly weights: Float64Array;
  /** `[classes]`. */
  readonly biases: Float64Array;
  /** Weight of the losses that it was trained with. */
  readonly c: number;
  /** Steps that its training took. */
  readonly iterations: number;
  /** Whether it reached the tolerance. */
  readonly converged: boolean;
}

/** Options of {@linkcode trainLinearSvm}. */
export interface LinearSvmOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Weight of the losses beside the squared length of the weights. */
  readonly c: number;
  /** Where to start, such as the model of a smaller `c`. Zeros if not given. */
  readonly start?: LinearModel | undefined;
  /**
   * The length of a class's gradient at the end, as a share of that of all weights being 0.
   *
   * @default {1e-4}
   */
  readonly tolerance?: number;
  /**
   * Steps at most.
   *
   * @default {1000}
   */
  readonly most?: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** The problem of one class against all others. */
interface OneClass {
  /** 1 for examples of the class, -1 for others. */
  readonly signs: Float64Array;
  /** Weights with the bias behind them. */
  readonly w: Float64Array;
  /** Score of each example. */
  readonly scores: Float64Array;
  readonly memory: QuasiNewton;
  /** Gradient at `w`; undefined before the first. */
  gradient: Float64Array | undefined;
  /** The last step, until its gradient is known. */
  step: Float64Array | undefined;
  /** Length of the gradient at zeros. */
  scale: number;
  done: boolean;
}

/**
 * A linear L2-regularized L2-loss SVM, one class against all others, as scikit-learn's `LinearSVC` trains it:
 * for each class it minimizes
 *
 * ```text
 * (|w|^2 + b^2) / 2 + C sum over i of max(0, 1 - y_i (w . x_i + b))^2
 * ```
 *
 * in which, as in LIBLINEAR, the bias is the weight of a feature that is 1 for each example. Directions are
 * those of L-BFGS and steps are exact; the classes go side by side, so that a step of all of them costs two
 * products with the examples. The problem is strictly convex, so that the result does not depend on where it
 * starts.
 *
 * @param labels The class of each example.
 */
export async function trainLinearSvm(
  examples: Examples,
  labels: ArrayLike<number>,
  { classes, c, start, tolerance = 1e-4, most = 1000, signal }: LinearSvmOptions,
): Promise<LinearModel> {
  const { rows, dimensions } = examples;
  const problems = Array.from({ length: classes }, (_, k): OneClass => ({
    signs: Float64Array.from({ length: rows }, (_, i) => labels[i] === k ? 1 : -1),
    w: withBias(start, k, dimensions),
    scores: new Float64Array(rows),
    memory: new QuasiNewton(),
    gradient: undefined,
    step: undefined,
    scale: 0,
    done: false,
  }));
  await setScales(examples, problems, c);
  if (start) {
    const scores = await scoresOf(examples, problems.map(({ w }) => w));
    for (const [k, problem] of problems.entries()) problem.scores.set(scores[k]!);
  }
  let iterations = 0;
  for (; iterations <= most; iterations++) {
    signal?.throwIfAborted();
    await renewGradients(examples, problems, c);
    for (const problem of problems) {
      problem.done ||= norm(problem.gradient!) <= tolerance * problem.scale;
    }
    const left = problems.filter(({ done }) => !done);
    if (left.length === 0 || iterations === most) break;
    const directions = left.map(({ memory, gradient }) => rounded(memory.direction(gradient!)));
    const rates = await scoresOf(examples, directions);
    for (const [at, problem] of left.entries()) takeStep(problem, directions[at]!, rates[at]!, c);
  }
  const weights = new Float64Array(classes * dimensions);
  for (const [k, { w }] of problems.entries()) weights.set(w.subarray(0, dimensions), k * dimensions);
  const biases = Float64Array.from(problems, ({ w }) => w[dimensions]!);
  return { weights, biases, c, iterations, converged: problems.every(({ done }) => done) };
}

function withBias(start: LinearModel | undefined, k: number, dimensions: number): Float64Array {
  const w = new Float64Array(dimensions + 1);
  if (!start) return w;
  w.set(start.weights.subarray(k * dimensions, (k + 1) * dimensions));
  w[dimensions] = start.biases[k]!;
  return w;
}

/** How long gradients are at zeros: there all examples have a loss of 1. */
async function setScales(examples: Examples, problems: readonly OneClass[], c: number): Promise<void> {
  const gradients = await combined(examples, problems.map(({ signs }) => signs.map((sign) => -2 * c * sign)));
  for (const [k, problem] of problems.entries()) problem.scale = norm(gradients[k]!);
}

/** Gradients of the problems that are not done, and what they say of the last step. */
async function renewGradients(examples: Examples, problems: readonly OneClass[], c: number): Promise<void> {
  const left = problems.filter(({ done }) => !done);
  const factors = left.map(({ signs, scores }) =>
    signs.map((sign, i) => -2 * c * sign * Math.max(0, 1 - sign * scores[i]!))
  );
  const sums = await combined(examples, factors);
  for (const [at, problem] of left.entries()) {
    const gradient = sums[at]!;
    addTo(gradient, problem.w, 1);
    if (problem.step) {
      const change = gradient.slice();
      addTo(change, problem.gradient!, -1);
      problem.memory.learn(problem.step, change);
    }
    problem.gradient = gradient;
  }
}

function takeStep(problem: OneClass, direction: Float64Array, rates: Float64Array, c: number): void {
  const { w, signs, scores } = problem;
  const t = exactStep({
    slope: dot(w, direction),
    curvature: dot(direction, direction),
    margins: signs.map((sign, i) => 1 - sign * scores[i]!),
    rates: signs.map((sign, i) => sign * rates[i]!),
    c,
  });
  // What rounding in 32 bits leaves of the slope may point nowhere
  if (t === 0) problem.done = true;
  addTo(w, direction, t);
  addTo(scores, rates, t);
  problem.step = direction.map((value) => t * value);
}

/** Numbers that the GPU multiplies with as they are. */
function rounded(values: Float64Array): Float64Array {
  return values.map(Math.fround);
}

/** Scores of all examples, for each of these weights with their bias behind them. */
async function scoresOf(examples: Examples, weights: readonly Float64Array[]): Promise<Float64Array[]> {
  const { rows, dimensions } = examples;
  const columns = weights.length;
  const flat = new Float64Array(columns * dimensions);
  for (const [k, w] of weights.entries()) flat.set(w.subarray(0, dimensions), k * dimensions);
  const products = await examples.times(flat, columns);
  return weights.map((w, k) =>
    Float64Array.from({ length: rows }, (_, i) => products[i * columns + k]! + w[dimensions]!)
  );
}

/** Sums of examples times factors, with the sum of the factors behind them. */
async function combined(examples: Examples, factors: readonly Float64Array[]): Promise<Float64Array[]> {
  const { rows, dimensions } = examples;
  const flat = new Float64Array(factors.length * rows);
  for (const [k, column] of factors.entries()) flat.set(column, k * rows);
  const sums = await examples.combine(flat, factors.length);
  return factors.map((column, k) => {
    const sum = new Float64Array(dimensions + 1);
    sum.set(sums.subarray(k * dimensions, (k + 1) * dimensions));
    sum[dimensions] = column.reduce((total, value) => total + value, 0);
    return sum;
  });
}

function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}
