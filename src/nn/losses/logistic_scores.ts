import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { expectKnownOptions } from "../../gpu/tensor/known_options.ts";
import { type LogitFormula, type LogitTarget, scoreLogits, type ScoreOptions } from "./score_logits.ts";

const LOGISTIC: LogitFormula = {
  name: "logisticScores",
  loss: (x, target) =>
    `select(${x}, vec4f(), ${x} < vec4f()) - ${x} * ${target} + log_one_plus(exp_falling(abs(${x})))`,
  slope: (_, target) => `p - ${target}`,
};

/**
 * Scores of a discriminator's logits, for each of several equal groups that follow each other: `[groups, 2]` of the
 * group's mean binary cross entropy with its target (`bceWithLogits`, times the scale) and its mean probability
 * (`meanSigmoid`). A target is a probability from 0 to 1; 0.9 for real images is one-sided label smoothing (Salimans et
 * al., "Improved Techniques for Training GANs", 2016, section 3.4). One launch computes what a GAN's step needs from
 * real and fake images, and the gradient if its `seed` is given; otherwise the gradient takes another. With `flips`,
 * some logits are scored against the other group's target (label flipping, Chintala et al. 2016, "How to Train a GAN?", 6).
 *
 * @throws {RangeError} if the logits cannot be divided into equal groups, or there is not one flip for each of two groups.
 * @throws {TypeError} if a target has an unknown option, or logits or flips are not f32.
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
 *
 * @example With flipped labels
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { logisticScores, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const logits = device.tensor([2, -3]);
 * const flips = device.tensor([1, 1]);
 * const flipped = await logisticScores(logits, [{ target: 1 }, { target: 0 }], { flips }).data();
 * assertEquals(flipped, await logisticScores(logits, [{ target: 0 }, { target: 1 }]).data());
 * ```
 */
export function logisticScores(
  logits: Tensor,
  targets: readonly LogitTarget[],
  options: ScoreOptions = {},
): Tensor {
  expectKnownOptions("logisticScores()", options, { flips: true, seed: true });
  return scoreLogits(logits, targets, LOGISTIC, options);
}
