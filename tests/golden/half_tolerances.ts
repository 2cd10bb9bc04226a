import type { CaseDescription } from "./manifest.ts";

/** The most that rounding to 16 bits moves a number, as a share of it: half the last of 11 bits. */
const U = 2 ** -11;

/** Tolerances as a manifest has them, by name or pattern. */
type Tolerances = Readonly<Record<string, { readonly rel_L2: number }>>;

/** Results and gradients may be off by this many roundings, all elements of a tensor together. */
function roundings(count: number): Tolerances {
  const tolerance = { rel_L2: count * U };
  return { "output.*": tolerance, "grad.*": tolerance };
}

/**
 * An operation rounds what goes in and what comes out, two operands and a result at most. Sums are f32, so that their
 * length adds nothing: rounding errors are as random as the terms, and the sum of both grows alike. A gradient reads
 * numbers that were rounded once or twice as well. On average a rounding moves a number by 0.4 U.
 */
const OPERATION = roundings(3);

/** A sum over a few numbers that nearly cancel: the numbers are off by U of themselves, which is more of the sum. */
const CANCELLING = roundings(16);

/** Seven operations after one another, and back. */
const CHAIN = roundings(6);

/**
 * A step of training. Forward it is a chain. Backward, rounding moves a share of about U of all activations over the kink
 * of their (leaky) ReLU, which changes their gradient by most of itself: `sqrt(U)`, 2 %, a layer, and more in tensors of
 * a few elements. Adam's first steps are as long wherever there is a gradient, so that an element whose gradient is
 * within its error of 0 may go the other way: of the generator's gradient, which sees the discriminator updated, and
 * of the updates themselves. One wrong sign in a tensor of eight is 0.7 of its update; none moved would be 1.
 */
const TRAINING: Tolerances = {
  trace: { rel_L2: 32 * U },
  "step1.fake": { rel_L2: 4 * U },
  "step1.D_*": { rel_L2: 16 * U },
  "step1.gradD.*": { rel_L2: 0.12 },
  "step1.gradG.*": { rel_L2: 0.25 },
  "step1.G.*/step1.D.* error relative to the update, per tensor": { rel_L2: 0.75 },
  "final.* error relative to the update, per tensor": { rel_L2: 0.75 },
  "final.eval_images": { rel_L2: 64 * U },
};

/** What is allowed in f16, by op. Ops that are not named here do not run in f16. */
const BY_OP: Readonly<Record<string, Tolerances>> = {
  matmul: OPERATION,
  linear: OPERATION,
  conv2d: OPERATION,
  conv_transpose2d: OPERATION,
  batch_norm: OPERATION,
  relu: OPERATION,
  leaky_relu: OPERATION,
  tanh: OPERATION,
  sigmoid: OPERATION,
  softplus: OPERATION,
  add: OPERATION,
  sub: OPERATION,
  mul: OPERATION,
  div: CANCELLING,
  sum: OPERATION,
  mean: OPERATION,
  upsample_nearest: OPERATION,
  avg_pool2d: OPERATION,
  max_pool2d: OPERATION,
  // Its cases have no gradients
  resize_bilinear: { "output.*": { rel_L2: 3 * U } },
  global_avg_pool2d: OPERATION,
  augment: OPERATION,
  chain: CHAIN,
  dcgan_training: TRAINING,
  gan_training: TRAINING,
};

/** What is allowed in f16 for single cases. */
const BY_CASE: Readonly<Record<string, Tolerances>> = {
  // The mean is many times the deviation, and rounding is a share of the mean.
  batchnorm_train_largemean_4x3x8x8: CANCELLING,
  batchnorm_eval_largemean_4x3x8x8: CANCELLING,
  // Two rows are normalized to -1 and 1 whatever they are: what is left of their gradient is a small difference.
  batchnorm_train_nc_2x3: { ...OPERATION, "grad.x": { rel_L2: 40 * U } },
  // The gradient of a bias is a sum of 336 numbers of both signs, each rounded.
  convT2d_k3x3_s2x2_p1x1_op1x1_d2_3to2_5x6_n2_bias: { ...OPERATION, "grad.bias": { rel_L2: 6 * U } },
};

/** Cases that f16 cannot hold. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // A sum beyond 65504.
  "sum_100000_all",
  // Gradient penalties are computed in f32.
  "train_rpgan_r1_r2_32x32x1_f4_n4",
]);

/** Whether a case is one for f16. */
export function runsInF16({ id, op }: Pick<CaseDescription, "id" | "op">): boolean {
  return op in BY_OP && !LEFT_OUT.has(id);
}

/** How close results in f16 must come to golden ones, which are f32. */
export function halfTolerance({ id, op }: Pick<CaseDescription, "id" | "op">): Tolerances {
  return BY_CASE[id] ?? BY_OP[op] ?? {};
}
