import { derive } from "../../autograd/origin.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { map } from "../elementwise/map.ts";
import { divideBySigma, spectralGradient } from "./spectral_gradient.ts";
import { innerProduct, normalizeVector } from "./unit_vector.ts";
import { multiplyVector, weightMatrix } from "./weight_matrix.ts";

/** Which vector a power iteration renews first, from the other one. */
export type PowerOrder = "v_then_u" | "u_then_v";

/** How {@linkcode spectralNorm} works. */
export interface SpectralNormOptions {
  /** Estimate of the first left singular vector, `[rows]`. In training updated in place. */
  u: Tensor;
  /** Estimate of the first right singular vector, `[columns]`. In training updated in place. */
  v: Tensor;
  /** Renew `u` and `v` first; else use them as they are. */
  training: boolean;
  /**
   * Axis of the weight with the rows of its matrix.
   *
   * @default {0}
   */
  axis?: number;
  /**
   * Power iterations in training.
   *
   * @default {1}
   */
  iterations?: number;
  /**
   * Least length that a vector is divided by.
   *
   * @default {1e-12}
   */
  eps?: number;
  /**
   * Order of an iteration: that of `torch.nn.utils.spectral_norm`, or of `torch.nn.utils.parametrizations.spectral_norm`.
   *
   * @default {"v_then_u"}
   */
  order?: PowerOrder;
}

const SPECTRAL_NORM_OPTIONS = {
  u: true,
  v: true,
  training: true,
  axis: true,
  iterations: true,
  eps: true,
  order: true,
} as const;

/** A weight divided by its spectral norm. */
export interface SpectralNormalization {
  /** The weight divided by `sigma`, of the weight's shape. Gradients flow through it, and through `sigma`, to the weight. */
  readonly weight: Tensor;
  /** Estimate of the spectral norm, `[1]`. No gradient flows through it. */
  readonly sigma: Tensor;
  /** The left vector that `sigma` was computed with: a copy, so that a later call does not change it. */
  readonly u: Tensor;
  /** The right vector. */
  readonly v: Tensor;
  /** Axis of the rows. */
  readonly axis: number;
}

/**
 * Spectral normalization of a weight (Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks",
 * algorithm 1), as `torch.nn.utils.spectral_norm` and `torch.nn.utils.parametrizations.spectral_norm`. With `M` the
 * weight as a matrix, one of its axes as rows and the others, in their order, as columns:
 *
 * ```text
 * in training, iterations times: v = Mᵀ u / max(|Mᵀ u|, eps), u = M v / max(|M v|, eps)
 * sigma = uᵀ M v
 * result = weight / sigma
 * ```
 *
 * `u` and `v` are constants for the gradient. A weight of zeros has `sigma` 0, and gives NaN as in PyTorch.
 *
 * @throws {RangeError} if a shape does not fit, there is no such axis, or `iterations` or `eps` is out of range.
 * @throws {TypeError} if there is no such option, or a tensor is not of f32.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { openDevice, spectralNorm } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const weight = device.tensor([[3, 0], [0, 1]]);
 * const [u, v] = [device.tensor([0.6, 0.8]), device.tensor([1, 0])];
 * const { sigma } = spectralNorm(weight, { u, v, training: true, iterations: 20 });
 * // The largest singular value
 * assertAlmostEquals(await sigma.item(), 3, 1e-5);
 * ```
 */
export function spectralNorm(weight: Tensor, options: SpectralNormOptions): SpectralNormalization {
  expectKnownOptions("spectralNorm()", options, SPECTRAL_NORM_OPTIONS);
  const { axis = 0 } = options;
  check(weight, options);
  const { sigma, u, v } = options.training ? iterate(weight, axis, options) : estimate(weight, axis, options);
  const normalized = divideBySigma(weight, sigma);
  const result = { weight: normalized, sigma, u, v, axis };
  derive(
    normalized,
    [weight],
    (gradient, [wanted]) => [wanted ? spectralGradient(result, gradient, wanted) : null],
    [sigma, u, v],
  );
  return result;
}

/** Renews both vectors. The second product of the last iteration gives `sigma` as well. */
function iterate(
  weight: Tensor,
  axis: number,
  { u, v, iterations = 1, eps = 1e-12, order = "v_then_u" }: SpectralNormOptions,
): Pick<SpectralNormalization, "sigma" | "u" | "v"> {
  const matrix = weightMatrix(weight.shape, axis);
  const renew = (to: "rows" | "columns") => {
    const [from, state] = to === "rows" ? [v, u] : [u, v];
    const vector = multiplyVector(weight, matrix, from, to);
    using _parts = vector.values;
    return normalizeVector(vector, eps, state);
  };
  const turns = order === "v_then_u" ? ["columns", "rows"] as const : ["rows", "columns"] as const;
  for (let iteration = 1;; iteration++) {
    const [first, second] = [renew(turns[0]), renew(turns[1])];
    first.product.dispose();
    if (iteration === iterations) {
      const [left, right] = order === "v_then_u" ? [second, first] : [first, second];
      return { sigma: second.product, u: left.unit, v: right.unit };
    }
    for (const tensor of [first.unit, second.unit, second.product]) tensor.dispose();
  }
}

/** `sigma` with the vectors as they are. */
function estimate(
  weight: Tensor,
  axis: number,
  { u, v }: SpectralNormOptions,
): Pick<SpectralNormalization, "sigma" | "u" | "v"> {
  const vector = multiplyVector(weight, weightMatrix(weight.shape, axis), v, "rows");
  using _parts = vector.values;
  const copy = (values: Tensor) => map("copy vector", { values }, "values");
  return { sigma: innerProduct(vector, u), u: copy(u), v: copy(v) };
}

function check(
  weight: Tensor,
  { u, v, axis = 0, iterations = 1, eps = 1e-12 }: SpectralNormOptions,
): void {
  const fail = (problem: string): never => {
    throw new RangeError(`Cannot normalize a weight of ${formatShape(weight.shape)}: ${problem}`);
  };
  if (!(Number.isInteger(axis) && axis >= 0 && axis < weight.rank)) {
    fail(`'axis' must be one of its ${weight.rank} axes, counted from 0, found ${axis}`);
  }
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    fail(`'iterations' must be a whole number of at least 1, found ${iterations}`);
  }
  if (!(eps > 0 && eps < Infinity)) fail(`'eps' must be above 0 and finite, found ${eps}`);
  const { rows, columns } = weightMatrix(weight.shape, axis);
  for (const [name, vector, length] of [["u", u, rows], ["v", v, columns]] as const) {
    if (!sameShape(vector.shape, [length])) {
      fail(`'${name}' must have shape [${length}], found ${formatShape(vector.shape)}`);
    }
  }
  for (const [name, { dtype }] of Object.entries({ weight, u, v })) {
    if (dtype === "f32") continue;
    throw new TypeError(`Cannot normalize a weight: '${name}' must be of f32, found ${dtype}`);
  }
}
