import { expectKnownOptions, spectralNorm, type SpectralNormalization, type Tensor } from "../../gpu/mod.ts";
import { spectralGradient } from "../../gpu/ops/spectral_norm/spectral_gradient.ts";
import { weightMatrix } from "../../gpu/ops/spectral_norm/weight_matrix.ts";
import { type ForwardContext, type Parameter, Statistic } from "../module.ts";
import type { AffinePiece, Piece, PieceWeight } from "../penalties/piece.ts";
import { direction } from "../weights/initializers.ts";
import type { BorderLayout } from "../weights/layout.ts";

/**
 * How a layer divides its weight by its spectral norm. `spectralNorm: true` takes the defaults.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Conv2d, LeakyRelu, Linear, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using critic = new Network(device, [
 *   new Conv2d(3, 8, { kernel: 4, stride: 2, padding: 1, spectralNorm: true }),
 *   new LeakyRelu(0.2),
 *   new Linear({ height: 4, width: 4, channels: 8 }, 1, { spectralNorm: { iterations: 2 } }),
 * ]);
 * assertEquals([...critic.parameters.keys()], ["0.weight_orig", "0.bias", "2.weight_orig", "2.bias"]);
 * assertEquals([...critic.statistics.keys()], ["0.weight_u", "0.weight_v", "2.weight_u", "2.weight_v"]);
 * const images = device.tensor(new Float32Array(2 * 8 * 8 * 3).fill(0.5), { shape: [2, 8, 8, 3] });
 * assert((await critic.forward(images).data()).every(Number.isFinite));
 * ```
 */
export interface SpectralNormLayerOptions {
  /**
   * Power iterations in each pass in training.
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
   * As `torch.nn.utils.parametrizations.spectral_norm` does it, instead of `torch.nn.utils.spectral_norm`: an iteration
   * renews `u` before `v`, and a state dict has `parametrizations.weight.original`, `parametrizations.weight.0._u` and
   * `parametrizations.weight.0._v`, instead of `weight_orig`, `weight_u` and `weight_v`.
   *
   * @default {false}
   */
  parametrized?: boolean;
}

/** What the matrix of a weight is, in memory and in PyTorch's. */
export interface WeightAxes {
  /** The weight's axis with the rows of the matrix: its outputs. */
  readonly axis: number;
  /** How PyTorch keeps a number for each row. */
  readonly rows: BorderLayout;
  /** How PyTorch keeps a number for each column. */
  readonly columns: BorderLayout;
}

/** Power iterations before the first pass, as in PyTorch's parametrization: then `sigma` is right from the start. */
const FIRST_ITERATIONS = 15;

const NAMES = {
  usual: { weight: "weight_orig", u: "weight_u", v: "weight_v" },
  parametrized: {
    weight: "parametrizations.weight.original",
    u: "parametrizations.weight.0._u",
    v: "parametrizations.weight.0._v",
  },
} as const;

/** The functions of an affine piece for a weight, and the weight's gradient; see `PieceWeight`. */
export type AffineFunctions = (weight: () => Tensor) => Pick<AffinePiece, "apply" | "transposed"> & {
  readonly weightGradient: PieceWeight["gradient"];
};

/** The weight of a layer: used as it is, or divided by its spectral norm. */
export class LayerWeight {
  /** The weight as it is trained. */
  readonly parameter: Parameter;
  #axes: WeightAxes;
  #norm: SpectralNormLayerOptions | undefined;
  #u: Statistic;
  #v: Statistic;

  /**
   * @throws {TypeError} if there is no such option.
   * @throws {RangeError} if an option is out of range.
   */
  constructor(parameter: Parameter, norm: boolean | SpectralNormLayerOptions | undefined, axes: WeightAxes) {
    this.parameter = parameter;
    this.#axes = axes;
    this.#norm = norm === true ? {} : norm || undefined;
    if (this.#norm) checkNorm(this.#norm);
    const { rows, columns } = weightMatrix(parameter.shape, axes.axis);
    this.#u = new Statistic([rows], "f32", direction(), axes.rows);
    this.#v = new Statistic([columns], "f32", direction(), axes.columns);
  }

  /** Whether it is divided by its spectral norm. */
  get isNormalized(): boolean {
    return this.#norm !== undefined;
  }

  /** The parameter by its name in PyTorch. */
  parameters(): Record<string, Parameter> {
    return { [this.#norm ? this.#names.weight : "weight"]: this.parameter };
  }

  /** The vectors of the power iteration, if there is one, by their names in PyTorch. */
  statistics(): Record<string, Statistic> {
    return this.#norm ? { [this.#names.u]: this.#u, [this.#names.v]: this.#v } : {};
  }

  /** Brings the vectors near those of the first weight. */
  start(): void {
    if (this.#norm) this.#normalize(true, FIRST_ITERATIONS).weight.dispose();
  }

  /** What a pass multiplies with. */
  operand({ training, precision }: ForwardContext): Tensor {
    if (!this.#norm) return this.parameter.operand(precision);
    if (precision === "f16") {
      throw new TypeError(
        "Cannot normalize a weight by its spectral norm: the pass must be in f32, found f16",
      );
    }
    return this.#normalize(training).weight;
  }

  /** The piece of a layer that multiplies with it. */
  piece(bias: Parameter | undefined, functions: AffineFunctions): Piece {
    const { parameter } = this;
    if (!this.#norm) {
      const { weightGradient: gradient, ...rest } = functions(() => parameter.tensor);
      return { type: "affine", weights: [{ parameter, gradient }], bias, ...rest };
    }
    return {
      type: "pass",
      parameters: [parameter, ...(bias ? [bias] : [])],
      begin: ({ training }) => {
        const normalization = this.#normalize(training);
        const { weightGradient, ...rest } = functions(() => normalization.weight);
        const gradient: PieceWeight["gradient"] = (x, gradient, into) => {
          using own = into.device.empty(into.shape);
          weightGradient(x, gradient, own);
          spectralGradient(normalization, own, { into });
        };
        return {
          type: "affine",
          weights: [{ parameter, gradient }],
          bias,
          ...rest,
          [Symbol.dispose]: () => normalization.weight.dispose(),
        };
      },
    };
  }

  #normalize(training: boolean, iterations = this.#norm!.iterations ?? 1): SpectralNormalization {
    const { eps = 1e-12, parametrized = false } = this.#norm!;
    return spectralNorm(this.parameter.tensor, {
      u: this.#u.tensor,
      v: this.#v.tensor,
      training,
      axis: this.#axes.axis,
      iterations,
      eps,
      order: parametrized ? "u_then_v" : "v_then_u",
    });
  }

  get #names(): (typeof NAMES)[keyof typeof NAMES] {
    return NAMES[this.#norm?.parametrized ? "parametrized" : "usual"];
  }
}

function checkNorm(options: SpectralNormLayerOptions): void {
  expectKnownOptions<SpectralNormLayerOptions>("spectralNorm", options, {
    iterations: true,
    eps: true,
    parametrized: true,
  });
  const { iterations = 1, eps = 1e-12 } = options;
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    throw new RangeError(
      `The 'iterations' of a spectral norm must be a whole number of at least 1, found ${iterations}`,
    );
  }
  if (!(eps > 0 && eps < Infinity)) {
    throw new RangeError(`The 'eps' of a spectral norm must be above 0 and finite, found ${eps}`);
  }
}
