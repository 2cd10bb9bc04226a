import { concat, expectKnownOptions, gradients, map, split, square, sum, Tensor } from "../../gpu/mod.ts";
import { splitInputs } from "../group_passes.ts";
import { type ModuleInputs, modulesOf } from "../module.ts";
import type { Network } from "../network.ts";
import { checkedPieces, checkGammas, checkLogits } from "./checked_pieces.ts";
import { startTangent } from "./mix_tangent.ts";
import { backwardSteps, forwardSteps, keepSteps, type Step } from "./passes.ts";
import { walkForward } from "./walk_forward.ts";

/** What {@linkcode penalizedBackward} computed on the way. */
export interface PenalizedPass {
  /** Outputs of the network, one for each image. No gradient flows back through them. */
  readonly logits: Tensor;
  /** What the loss function returned. */
  readonly loss: Tensor;
  /** The penalty of each group, `[groups]`. */
  readonly penalties: Tensor;
  /** The gradient of each image's logit at the image, of the shape of the images; with `through`, at what it was made of. */
  readonly imageGradients: Tensor;
}

/** Options of {@linkcode penalizedBackward}. */
export interface PenaltyOptions {
  /**
   * The linear map, up to something added, that each image came through before the network sees it, such as
   * `linearAugmentation()`. The penalties are then those of gradients at what came in there.
   */
  through?: {
    /** The map: a new tensor. */
    apply(x: Tensor): Tensor;
    /** Its transpose: a new tensor. */
    transposed(gradient: Tensor): Tensor;
  };
  /**
   * What modules take besides the images, as in {@linkcode Network.forward}: networks that take classes find the class
   * of each image, u32 `[batch]`, under `labels`, and `g` is the gradient of the logit for it.
   *
   * @default {{}}
   */
  inputs?: ModuleInputs;
  /**
   * Whether spectral norms renew their estimates: for each group in turn, as if it were a pass of its own.
   *
   * @default {true}
   */
  training?: boolean;
  /**
   * Adds the gradients to those that the network holds already, in place of writing over them, as with
   * {@linkcode Network.backward}.
   *
   * @default {false}
   */
  accumulate?: boolean;
}

/**
 * Writes the gradients of a loss and of gradient penalties with respect to all parameters that are not frozen into
 * `network.gradients`, over what it held. The penalties are R1 on real and R2 on fake images (Mescheder et al. 2018,
 * "Which Training Methods for GANs do actually Converge?", section 4.1):
 *
 * ```text
 * g[n] = gradient of logit[n] with respect to image[n]
 * penalty[k] = gammas[k] / 2 * mean over the images n of group k of the sum of the squares of g[n]
 * total = sum of loss(logits) + sum of the penalties
 * ```
 *
 * `images` are `[batch, ...]` of f32: as many equal groups as there are gammas, one after another, such as real images
 * and then fake ones. A gamma of 0 turns the penalty of its group off. `gammas` may be a tensor `[groups]`, whose values
 * can change between runs of a program. `loss` takes the logits, in the shape that the network gives them, and may compare
 * images with each other; what else it depends on gets no gradient.
 *
 * The network must be piecewise linear, take each image by itself, and give one logit for each. Then no gradient of a
 * gradient is needed. The gradient of a penalty is that of the inner product of `g` with a fixed `v`, and so comes of one
 * more pass forward, which takes `v` through the layers without biases, and joins the gradient of the loss in one
 * product for each weight:
 *
 * ```text
 * delta[l] = gradient of the sum of all logits behind layer l, before its activation
 * c[n] = gradient of the loss with respect to logit[n]
 * v[0] = gammas[k] / images of a group * g,   v[l] = activation'[l] * (W[l] v[l - 1])
 * gradient of W[l] = weight gradient of layer l for inputs c * a[l - 1] + v[l - 1] and output gradients delta[l]
 * gradient of b[l] = sum over n of c[n] * delta[l][n]
 * ```
 *
 * With `through`, a map `A`, the images are what came of it, and `g` becomes `A^T g`, the gradient at what went in. The
 * tangent then starts with `v[0] = gammas[k] / images of a group * A A^T g`. That is R1 as StyleGAN2-ADA and R3GAN compute
 * it when they augment images: at the images themselves (Karras et al. 2020; Huang et al. 2024).
 *
 * Of layers with spectral norm, `W[l]` is the divided weight, and the gradient goes on to the weight before that.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { mean, openDevice } from "@x/dcgan/gpu";
 * import { constant, Linear, Network, penalizedBackward } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using critic = new Network(device, [new Linear(2, 1, { weight: constant(3) })]);
 * const images = device.tensor([[1, 2], [3, 4]]);
 * // The gradient is [3, 3] at both images, and its square 18
 * const { penalties } = penalizedBackward(critic, images, (logits) => mean(logits), [10, 0]);
 * assertAlmostEquals((await penalties.data())[0]!, 10 / 2 * 18, 1e-3);
 * // The mean of the images, and 10 times the weight
 * assertAlmostEquals((await critic.gradientOf("0.weight").data())[0]!, 2 + 30, 1e-3);
 * ```
 *
 * @throws {TypeError} if a module is not piecewise linear or mixes images, as batch norm does, or if the network or the
 * images are of f16. Nothing is launched then.
 * @throws {RangeError} if the images do not fall into equal groups, a gamma is no finite number of at least 0, there is
 * not one logit for each image, or all parameters are frozen.
 */
export function penalizedBackward(
  network: Network,
  images: Tensor,
  loss: (logits: Tensor) => Tensor,
  gammas: readonly number[] | Tensor,
  options: PenaltyOptions = {},
): PenalizedPass {
  expectKnownOptions<PenaltyOptions>("penalizedBackward()", options, {
    through: true,
    inputs: true,
    training: true,
    accumulate: true,
  });
  const { training = true, inputs = {} } = options;
  checkGammas(images, gammas);
  const pieces = checkedPieces(network, images);
  using kept = new DisposableStack();
  const groups = gammas instanceof Tensor ? gammas.size : gammas.length;
  const inPasses = training && modulesOf(network.module).some((module) => module.normalizesWeights);
  const parts = partsOf(images, inPasses ? groups : 1);
  const partInputs = parts.length === 1 ? [inputs] : splitInputs(inputs, parts.length);
  if (parts.length > 1) {
    for (const part of [...parts, ...partInputs.flatMap((own) => Object.values(own))]) kept.use(part!);
  }
  const passes = parts.map((part, at) => {
    const steps = forwardSteps(pieces, part, { training, inputs: partInputs[at]! });
    keepSteps(steps, kept);
    return steps;
  });
  const logits = joined(passes.map((steps) => steps.at(-1)!.output));
  checkLogits(images, logits);
  const value = loss(logits);
  const [factors] = gradients([value], [logits]);
  kept.use(factors!);
  return { logits, loss: value, ...penalize(network, passes, factors!, gammas, options) };
}

/** Equal parts of a batch; the batch itself, if it is one part. */
function partsOf(batch: Tensor, count: number): readonly Tensor[] {
  return count === 1 ? [batch] : split(batch, count);
}

/** Batches one after another, without a gradient. */
function joined(batches: readonly Tensor[]): Tensor {
  using scope = batches[0]!.device.scope();
  return scope.keep(batches.reduce((before, next) => concat(before, next)).detach());
}

/** The walks back, the tangent's walks forward, and the gradients of all parameters on its way. */
function penalize(
  network: Network,
  passes: readonly (readonly Step[])[],
  logitGradients: Tensor,
  given: readonly number[] | Tensor,
  { through, accumulate: adding = false }: PenaltyOptions,
): Pick<PenalizedPass, "penalties" | "imageGradients"> {
  const { device } = logitGradients;
  using scope = device.scope();
  const gammas = given instanceof Tensor ? given : device.tensor(given);
  const walks = passes.map((steps) => backwardSteps(steps));
  const inputGradients = joined(walks.map((walk) => walk.gradients));
  const imageGradients = through ? through.transposed(inputGradients) : inputGradients;
  const direction = through ? through.apply(imageGradients) : imageGradients;
  const penalties = penaltiesOf(imageGradients, gammas);
  const factors = logitGradients.reshape([logitGradients.size]);
  const parts = [direction, gammas, factors].map((whole) => partsOf(whole, passes.length));
  for (const [pass, steps] of passes.entries()) {
    const [from, gamma, factor] = parts.map((part) => part[pass]!);
    const factors = factor!;
    const { tangent, mixed } = startTangent(from!, gamma!, { values: steps[0]!.input, factors });
    const start = { tangent, loss: { mixed, factors } };
    walkForward(network, steps, walks[pass]!.deltas, start, adding || pass > 0);
  }
  return { penalties: scope.keep(penalties), imageGradients: scope.keep(imageGradients.detach()) };
}

/** `gammas / 2` times the means of the squared norms of each group's gradients. */
function penaltiesOf(imageGradients: Tensor, gammas: Tensor): Tensor {
  const groups = gammas.size;
  const rows = square(imageGradients).reshape([groups, imageGradients.size / groups]);
  const share = groups / imageGradients.shape[0]! / 2;
  const sums = sum(rows, { axes: [1] });
  return map("gradient penalties", { sums, gammas }, "params.share * gammas * sums", { uniforms: { share } })
    .detach();
}
