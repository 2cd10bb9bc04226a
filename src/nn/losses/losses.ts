import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { derive } from "../../gpu/autograd/origin.ts";
import { add } from "../../gpu/ops/arithmetic.ts";
import { type LossFormula, meanLoss } from "./mean_loss.ts";
import { STABLE_MATH } from "../../gpu/kernel/stable_math.ts";

const BCE_WITH_LOGITS: LossFormula = {
  name: "bceWithLogits",
  value: "select(x, vec4f(), x < vec4f()) - x * t + log_one_plus(exp_falling(abs(x)))",
  gradients: { x: "sigmoid_of(x) - t", t: "-x" },
  declarations: STABLE_MATH,
};

/** Logarithms of `p` and of `1 - p`, at least -100 as in `torch.nn.BCELoss`. */
const BOUNDED_LOGS = `fn bounded(logarithm: vec4f, argument: vec4f) -> vec4f {
  return select(logarithm, vec4f(-100.0), (argument <= vec4f()) | (logarithm < vec4f(-100.0)));
}
fn log_of(p: vec4f) -> vec4f {
  return bounded(log(p), p);
}
fn log_of_rest(p: vec4f) -> vec4f {
  return select(bounded(log(1.0 - p), 1.0 - p), log_one_plus(-p), p < vec4f(0.5));
}
`;

const BCE: LossFormula = {
  name: "bce",
  value: "-t * log_of(x) - (1.0 - t) * log_of_rest(x)",
  gradients: {
    x: "(x - t) / max((1.0 - x) * x, vec4f(1e-12))",
    t: "log_of_rest(x) - log_of(x)",
  },
  declarations: STABLE_MATH + BOUNDED_LOGS,
};

const MSE: LossFormula = {
  name: "mse",
  value: "(x - t) * (x - t)",
  gradients: { x: "2.0 * (x - t)", t: "2.0 * (t - x)" },
};

const HINGE_REAL: LossFormula = {
  name: "hingeDiscriminator",
  value: "select(1.0 - x, vec4f(), x > vec4f(1.0))",
  gradients: { x: "select(vec4f(), vec4f(-1.0), x < vec4f(1.0))" },
};

const HINGE_FAKE: LossFormula = {
  name: "hingeDiscriminator",
  value: "select(1.0 + x, vec4f(), x < vec4f(-1.0))",
  gradients: { x: "select(vec4f(), vec4f(1.0), x > vec4f(-1.0))" },
};

const HINGE_GENERATOR: LossFormula = { name: "hingeGenerator", value: "-x", gradients: { x: "vec4f(-1.0)" } };

const MEAN_SIGMOID: LossFormula = {
  name: "meanSigmoid",
  value: "sigmoid_of(x)",
  gradients: { x: "sigmoid_of(x) * sigmoid_of(-x)" },
  declarations: STABLE_MATH,
};

/**
 * Mean binary cross entropy of logits, as `torch.nn.functional.binary_cross_entropy_with_logits`:
 * `mean(max(x, 0) - x * target + log(1 + exp(-|x|)))`, in which no logit overflows or cancels. If the target is a
 * number, it applies to all elements: 1 for real, 0 for fake, 0.9 for smoothed labels. Of shape `[]`.
 *
 * @example The loss of a discriminator that is sure and right
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bceWithLogits, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const logits = device.tensor([1000, 1000]);
 * assertEquals(await bceWithLogits(logits, 1).item(), 0);
 * ```
 *
 * @throws {RangeError} if the shapes differ.
 */
export function bceWithLogits(logits: Tensor, target: Tensor | number): Tensor {
  return meanLoss(BCE_WITH_LOGITS, { x: logits, t: target });
}

/**
 * Mean binary cross entropy of probabilities, as `torch.nn.BCELoss`:
 * `-mean(target * log(p) + (1 - target) * log(1 - p))` with logarithms of at least -100. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bce, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await bce(device.tensor([0, 1]), 1).item(), 50);
 * ```
 *
 * @throws {RangeError} if the shapes differ.
 */
export function bce(probabilities: Tensor, target: Tensor | number): Tensor {
  return meanLoss(BCE, { x: probabilities, t: target });
}

/**
 * Mean squared error, as `torch.nn.functional.mse_loss`: `mean((x - target)^2)`. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mse, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await mse(device.tensor([1, 3]), 0).item(), 5);
 * ```
 *
 * @throws {RangeError} if the shapes differ.
 */
export function mse(x: Tensor, target: Tensor | number): Tensor {
  return meanLoss(MSE, { x, t: target });
}

/**
 * The discriminator's hinge loss (Lim and Ye, "Geometric GAN", 2017): `mean(relu(1 - real)) + mean(relu(1 + fake))`
 * over its logits. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hingeDiscriminator, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const real = device.tensor([0.5, 2]);
 * const fake = device.tensor([-3, -1]);
 * assertEquals(await hingeDiscriminator(real, fake).item(), 0.25);
 * ```
 */
export function hingeDiscriminator(real: Tensor, fake: Tensor): Tensor {
  using ofReal = meanLoss(HINGE_REAL, { x: real });
  using ofFake = meanLoss(HINGE_FAKE, { x: fake });
  // The gradient of a sum is that of its parts, so that these need not stay for it.
  const rules = [ofReal, ofFake].map(({ origin }) => origin!.backward);
  return derive(
    add(ofReal, ofFake),
    [real, fake],
    (gradient, wanted) => rules.flatMap((rule, position) => rule(gradient, [wanted[position] ?? null])),
  );
}

/**
 * The generator's hinge loss: `-mean(fake)` over the discriminator's logits. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hingeGenerator, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await hingeGenerator(device.tensor([1, 3])).item(), -2);
 * ```
 */
export function hingeGenerator(fake: Tensor): Tensor {
  return meanLoss(HINGE_GENERATOR, { x: fake });
}

/**
 * Mean probability of logits, `mean(sigmoid(x))`: what a GAN's D(x) and D(G(z)) report. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { meanSigmoid, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals(await meanSigmoid(device.tensor([-1000, 1000])).item(), 0.5);
 * ```
 */
export function meanSigmoid(logits: Tensor): Tensor {
  return meanLoss(MEAN_SIGMOID, { x: logits });
}
