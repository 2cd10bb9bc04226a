import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { expectKnownOptions } from "../../gpu/tensor/known_options.ts";
import { type LogitFormula, type LogitTarget, scoreLogits, type SeedOptions } from "./score_logits.ts";

const LEAST_SQUARES: LogitFormula = {
  name: "leastSquaresScores",
  loss: (x, target) => `0.5 * (${x} - ${target}) * (${x} - ${target})`,
  slope: (x, target) => `${x} - ${target}`,
};

const HINGE: LogitFormula = {
  name: "hingeScores",
  loss: (x, side) => `select(1.0 - ${side} * ${x}, vec4f(), ${side} * ${x} > vec4f(1.0))`,
  slope: (x, side) => `select(0.0, -${side}, ${side} * ${x} < 1.0)`,
};

const WASSERSTEIN: LogitFormula = {
  name: "wassersteinScores",
  loss: (x, side) => `-${side} * ${x}`,
  slope: (_, side) => `-${side}`,
};

/** `softplus(-side * lead)`, in which no lead overflows or cancels. */
const RELATIVISTIC: LogitFormula = {
  name: "relativisticScores",
  loss: (lead, side) =>
    `select(-${side} * ${lead}, vec4f(), ${side} * ${lead} > vec4f()) + log_one_plus(exp_falling(abs(${lead})))`,
  slope: (lead, side) => `-${side} * sigmoid_of(vec4f(-${side} * ${lead})).x`,
  paired: true,
};

/**
 * The least squares of each of several equal groups of logits (Mao et al., "Least Squares Generative Adversarial
 * Networks", 2016): `[groups, 2]` of `scale * 0.5 * mean((x - target)^2)` and the mean probability, `mean(sigmoid(x))`.
 * With the paper's targets, real logits aim at 1 and fake ones at 0, and the generator's at 1. The logits themselves are
 * no probabilities here; their sigmoid only shows them on the scale of other losses.
 *
 * @throws {RangeError} if the logits do not fall into that many equal groups.
 * @throws {TypeError} if a target has an option that there is none of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { leastSquaresScores, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const scores = leastSquaresScores(device.tensor([0, 3, 0, 0]), [{ target: 1 }, { target: 0 }]);
 * const [real, , fake, half] = await scores.data();
 * assertEquals([real, fake, half], [1.25, 0, 0.5]);
 * ```
 */
export function leastSquaresScores(
  logits: Tensor,
  targets: readonly LogitTarget[],
  options: SeedOptions = {},
): Tensor {
  expectKnownOptions("leastSquaresScores()", options, { seed: true });
  return scoreLogits(logits, targets, LEAST_SQUARES, options);
}

/**
 * The hinge loss of each of several equal groups of logits (Lim and Ye, "Geometric GAN", 2017): `[groups, 2]` of
 * `scale * mean(relu(1 - target * x))` and the mean probability, `mean(sigmoid(x))`, which only shows the logits on the
 * scale of other losses. The target is a side: 1 for logits that should be above the margin of 1, -1 for those that
 * should be below -1. The generator's loss has no margin: `wassersteinScores()` with a target of 1.
 *
 * @throws {RangeError} if the logits do not fall into that many equal groups, or a target is not 1 or -1.
 * @throws {TypeError} if a target has an option that there is none of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hingeScores, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const scores = hingeScores(device.tensor([0.5, 2, 0, 0]), [{ target: 1 }, { target: -1 }]);
 * const [real, , fake, half] = await scores.data();
 * assertEquals([real, fake, half], [0.25, 1, 0.5]);
 * ```
 */
export function hingeScores(
  logits: Tensor,
  targets: readonly LogitTarget[],
  options: SeedOptions = {},
): Tensor {
  expectKnownOptions("hingeScores()", options, { seed: true });
  return scoreLogits(logits, sidesOf(HINGE, targets), HINGE, options);
}

/**
 * The Wasserstein loss of each of several equal groups of logits (Arjovsky, Chintala and Bottou, "Wasserstein GAN",
 * 2017): `[groups, 2]` of `-scale * target * mean(x)` and the mean probability, `mean(sigmoid(x))`, which only shows the
 * logits on the scale of other losses: they have no bounds, and it sticks at 0 or 1 where they are large. The target is
 * a side: 1 for logits that should rise, -1 for those that should fall. A critic's loss, `mean(fake) - mean(real)`, is
 * the sum of both rows; the distance that it estimates is the negative of that.
 *
 * @throws {RangeError} if the logits do not fall into that many equal groups, or a target is not 1 or -1.
 * @throws {TypeError} if a target has an option that there is none of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, wassersteinScores } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const scores = wassersteinScores(device.tensor([1, 3, 0, 0]), [{ target: 1 }, { target: -1 }]);
 * const [real, , fake, half] = await scores.data();
 * assertEquals([real, fake, half], [-2, 0, 0.5]);
 * ```
 */
export function wassersteinScores(
  logits: Tensor,
  targets: readonly LogitTarget[],
  options: SeedOptions = {},
): Tensor {
  expectKnownOptions("wassersteinScores()", options, { seed: true });
  return scoreLogits(logits, sidesOf(WASSERSTEIN, targets), WASSERSTEIN, options);
}

/**
 * The relativistic pairing loss of RpGAN (Jolicoeur-Martineau, "The relativistic discriminator", 2018; Huang et al.,
 * "The GAN is dead; long live the GAN!", 2024). Logits are two halves, and each is paired with the one at its place in
 * the other half, its rival: `[targets, 2]` of `scale * mean(softplus(-target * (x - rival)))` and the mean probability,
 * `mean(sigmoid(x))`, which only shows the logits on the scale of other losses: adding a number to all of them changes
 * no loss. The target is a side: 1 for a half that should lead, -1 for one that should trail.
 *
 * A discriminator's loss, `mean(softplus(-(real - fake)))`, is the same for both halves; with a scale of 0.5 each, their
 * sum is the loss. A generator's loss, `mean(softplus(-(fake - real)))`, is that of the first half alone, with fake
 * logits first and one target. Gradients flow to a logit and to its rival: detach those that should get none.
 *
 * @throws {RangeError} if the logits are not two equal halves, the targets are not 1 or 2, or a target is not 1 or -1.
 * @throws {TypeError} if a target has an option that there is none of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, relativisticScores } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const scores = relativisticScores(device.tensor([1000, 0, 0, 0]), [{ target: 1 }]);
 * const [loss, probability] = await scores.data();
 * assertEquals([loss, probability], [Math.fround(Math.LN2 / 2), 0.75]);
 * ```
 */
export function relativisticScores(
  logits: Tensor,
  targets: readonly LogitTarget[],
  options: SeedOptions = {},
): Tensor {
  expectKnownOptions("relativisticScores()", options, { seed: true });
  return scoreLogits(logits, sidesOf(RELATIVISTIC, targets), RELATIVISTIC, options);
}

/** The targets, which must be sides. */
function sidesOf({ name }: LogitFormula, targets: readonly LogitTarget[]): readonly LogitTarget[] {
  const odd = targets.find(({ target }) => target !== 1 && target !== -1);
  if (odd === undefined) return targets;
  throw new RangeError(`Cannot compute ${name}(): a target must be 1 or -1, found ${odd.target}`);
}
