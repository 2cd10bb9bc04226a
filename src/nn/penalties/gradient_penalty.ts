import { expectKnownOptions, map, mean, mul, square, sum, Tensor } from "../../gpu/mod.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import type { ModuleInputs } from "../module.ts";
import type { Network } from "../network.ts";
import { checkedPieces, checkLogits } from "./checked_pieces.ts";
import { backwardSteps, forwardSteps, keepSteps } from "./passes.ts";
import { walkForward } from "./walk_forward.ts";

/** Options of {@linkcode gradientPenalty}. */
export interface GradientPenaltyOptions {
  /**
   * Factor of the penalty: a finite number of at least 0, such as the 10 of WGAN-GP, or an f32 tensor `[1]` that may
   * change between runs of a program.
   */
  weight: number | Tensor;
  /**
   * The norm that a gradient should have, a finite number of at least 0: 1 for WGAN-GP, 0 for R1 and R2.
   *
   * @default {1}
   */
  center?: number;
  /**
   * What modules take besides the images, as in {@linkcode Network.forward}: networks that take classes find the class
   * of each image, u32 `[batch]`, under `labels`.
   *
   * @default {{}}
   */
  inputs?: ModuleInputs;
  /**
   * Whether spectral norms renew their estimates.
   *
   * @default {true}
   */
  training?: boolean;
}

/** What {@linkcode gradientPenalty} computed. */
export interface GradientPenalty {
  /** The penalty, `[]`. No gradient flows back through it: those of the parameters are in the network. */
  readonly penalty: Tensor;
  /** The norm of each image's gradient, `[batch]`. */
  readonly norms: Tensor;
  /** The gradient of each image's logit at the image, of the shape of the images. */
  readonly imageGradients: Tensor;
  /** Outputs of the network, one for each image. No gradient flows back through them. */
  readonly logits: Tensor;
}

/**
 * A penalty of a discriminator's gradients at images, whose own gradients with respect to all parameters are added to
 * those in `network.gradients`. Call it after `Network.backward()` of the loss, and before the optimizer's step.
 *
 * ```text
 * g[n] = gradient of logit[n] with respect to image[n]
 * penalty = weight * mean over images n of (|g[n]| - center)^2
 * ```
 *
 * - WGAN-GP (Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", algorithm 1): at mixes of real and fake
 *   images, see `mixImages()`, with a `center` of 1.
 * - R1 and R2 (Mescheder et al. 2018, section 4.1) with a gamma: at real or at fake images, with a `center` of 0 and
 *   `weight: gamma / 2`. `penalizedBackward()` computes them together with a loss of the same images, in less time.
 *
 * The network must be piecewise linear, take each image by itself, and give one logit for each. No gradient of a gradient
 * is needed then, only one more pass forward, as in {@linkcode penalizedBackward}, which starts with the gradient of the
 * penalty with respect to `g`:
 *
 * ```text
 * v[0][n] = 2 * weight / images * (1 - center / |g[n]|) * g[n]
 * ```
 *
 * Where `g` is 0 its norm has no gradient, and that image adds nothing to those of the parameters, as with
 * `torch.linalg.vector_norm`. (A square root of a sum of squares would give NaN there, in PyTorch too.) The penalty of a
 * network whose logits depend on no image is then `weight * center^2`, and does not change the network.
 *
 * @example WGAN-GP
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { concat, mixImages, openDevice, randomUniform, sum, mul } from "@x/dcgan/gpu";
 * import { Adam, constant, gradientPenalty, Linear, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using critic = new Network(device, [new Linear(2, 1, { weight: constant(3) })]);
 * using adam = new Adam(critic, { learningRate: 0.1, betas: [0, 0.9] });
 * using step = device.program({ real: [4, 2], fake: [4, 2] }, ({ real, fake }) => {
 *   const logits = critic.forward(concat(real, fake)).reshape([2, 4]);
 *   // The mean logit of fake images less that of real ones
 *   const loss = sum(mul(logits, device.tensor([[-1 / 4], [1 / 4]])));
 *   critic.backward([loss]);
 *   const mixes = mixImages(real, fake, randomUniform(device, [4], { seed: 1 }));
 *   const { penalty } = gradientPenalty(critic, mixes, { weight: 10 });
 *   adam.step();
 *   return { penalty };
 * });
 * step.run({ real: [1, 1, 1, 2, 1, 1, 2, 1], fake: [0, 0, 0, 1, 0, 0, 1, 0] });
 * // The gradient is [3, 3] everywhere
 * assertAlmostEquals(await step.outputs.penalty.item(), 10 * (Math.sqrt(18) - 1) ** 2, 1e-2);
 * for (let i = 0; i < 60; i++) step.run();
 * assert(await step.outputs.penalty.item() < 1);
 * ```
 *
 * @param images `[batch, ...]` of f32.
 * @throws {TypeError} if a module is not piecewise linear or mixes images, as batch norm does, by its name, or if the
 * network or the images are of f16. Nothing is launched then.
 * @throws {RangeError} if all parameters are frozen, `weight` or `center` is no finite number of at least 0, or there is not one logit for each image.
 */
export function gradientPenalty(
  network: Network,
  images: Tensor,
  options: GradientPenaltyOptions,
): GradientPenalty {
  expectKnownOptions<GradientPenaltyOptions>("gradientPenalty()", options, {
    weight: true,
    center: true,
    inputs: true,
    training: true,
  });
  const { weight, center = 1, inputs = {}, training = true } = options;
  for (const [name, value] of Object.entries({ weight, center })) {
    if (value instanceof Tensor) {
      if (value.dtype === "f32" && value.size === 1) continue;
      throw new TypeError(
        `Cannot penalize gradients: '${name}' must be a number or one f32, found ${value.dtype} ${
          formatShape(value.shape)
        }.`,
      );
    }
    if (Number.isFinite(value) && value >= 0) continue;
    throw new RangeError(
      `Cannot penalize gradients: '${name}' must be a finite number of at least 0, found ${value}.`,
    );
  }
  const pieces = checkedPieces(network, images);
  using scope = images.device.scope();
  using kept = new DisposableStack();
  const steps = forwardSteps(pieces, images, { training, inputs });
  keepSteps(steps, kept);
  const logits = steps.at(-1)!.output;
  checkLogits(images, logits);
  const { deltas, gradients } = backwardSteps(steps);
  const [batch] = images.shape as [number];
  const rows = gradients.reshape([batch, gradients.size / batch]);
  const squares = sum(square(rows), { axes: [1] });
  const norms = map("gradient norms", { squares }, "sqrt(squares)");
  const shares = map("penalty factors", { norms }, factorsFor(weight), {
    uniforms: { center, share: 2 / batch, ...(typeof weight === "number" ? { weight } : {}) },
  });
  const factors = typeof weight === "number" ? shares : mul(shares, weight);
  const tangent = mul(rows, factors.reshape([batch, 1])).reshape(images.shape);
  walkForward(network, steps, deltas, { tangent }, true);
  const misses = map("gradient penalty", { norms }, "(norms - params.center) * (norms - params.center)", {
    uniforms: { center },
  });
  const penalty = mul(mean(misses), typeof weight === "number" ? weight : weight.reshape([]));
  const keep = (tensor: Tensor) => scope.keep(tensor.detach());
  return {
    penalty: keep(penalty),
    norms: keep(norms),
    imageGradients: keep(gradients),
    logits: keep(logits),
  };
}

/** The factor of each gradient in the tangent, without a weight that is a tensor; of one of 0 it does not count. */
function factorsFor(weight: number | Tensor): string {
  const share = "params.share * select(1.0 - params.center / norms, vec4f(), norms == vec4f())";
  return typeof weight === "number" ? `params.weight * (${share})` : share;
}
