import { expectKnownOptions } from "../../tensor/known_options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive, type GradientRule } from "../../autograd/origin.ts";
import { normalizationGradients } from "./normalization_gradients.ts";
import { normalizeAsBefore, normalizeBatch, type RunningStatistics } from "./normalization.ts";
import type { FusedActivation } from "../../kernel/activation.ts";
import type { RowGroups } from "./channel_rows.ts";

export type { FusedActivation } from "../../kernel/activation.ts";

/** How {@linkcode batchNorm} works. */
export interface BatchNormOptions {
  /** Normalize with the statistics of the batch, and update the running ones; else normalize with the running ones. */
  training: boolean;
  /**
   * Added to the variance.
   *
   * @default {1e-5}
   */
  eps?: number;
  /**
   * Share of the batch in the updated running statistics.
   *
   * @default {0.1}
   */
  momentum?: number;
  /** `[channels]`. In training updated in place, if given. */
  runningMean?: Tensor;
  /** `[channels]`. In training updated in place, if given, with the unbiased variance. */
  runningVariance?: Tensor;
  /** u32 `[1]`. Incremented in training, if given together with running statistics. */
  batchesTracked?: Tensor;
  /** Applied to the result in the same kernels, forward and backward. */
  activation?: FusedActivation;
  /**
   * Equal parts of the batch (axis 0), one after another, that are normalized apart in training, as by one call for
   * each: the running statistics follow each in turn. In evaluation it makes no difference.
   *
   * @default {1}
   */
  groups?: number;
}

const BATCH_NORM_OPTIONS = {
  training: true,
  eps: true,
  momentum: true,
  runningMean: true,
  runningVariance: true,
  batchesTracked: true,
  activation: true,
  groups: true,
} as const;

/**
 * Batch normalization over the last axis (Ioffe and Szegedy 2015):
 * `(x - mean) / sqrt(variance + eps) * weight + bias`, as `torch.nn.functional.batch_norm` with the channels last.
 * `x` is `[..., channels]`, with at least two axes; `weight` and `bias` are `[channels]`. The result has the shape of `x`.
 *
 * In training, mean and (biased) variance are those of the batch; a batch of a single row has variance 0 and leaves 0
 * as its share of the running variance, where PyTorch refuses. Gradients flow to `x`, `weight` and `bias`, and through
 * the statistics of the batch.
 *
 * @throws {RangeError} if a shape does not fit, the batch does not fall into the groups, or evaluation lacks running
 * statistics.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { batchNorm, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([[1, 10], [3, 30]]);
 * const y = batchNorm(x, device.tensor([1, 1]), device.tensor([0, 5]), { training: true });
 * assertEquals(Array.from(await y.data(), (value) => Math.round(value * 10) / 10), [-1, 4, 1, 6]);
 * ```
 */
export function batchNorm(x: Tensor, weight: Tensor, bias: Tensor, options: BatchNormOptions): Tensor {
  expectKnownOptions("batchNorm()", options, BATCH_NORM_OPTIONS);
  const { training, eps = 1e-5, groups = 1, activation } = options;
  check(x, { weight, bias, runningMean: options.runningMean, runningVariance: options.runningVariance });
  const affine = { weight, bias, eps };
  const rows = rowGroups(x, training ? groups : 1);
  const [y, normalization] = training
    ? normalizeBatch(x, rows, affine, updated(options), activation)
    : normalizeAsBefore(x, rows, affine, required(options), activation);
  const rule: GradientRule = (gradient, wanted) => normalizationGradients(normalization, gradient, wanted);
  return derive(y, [x, weight, bias], rule, [normalization.statistics]);
}

/** What {@linkcode batchNormForward} normalizes with. */
export type BatchNormForwardOptions =
  & Pick<BatchNormOptions, "eps" | "activation">
  & Required<Pick<BatchNormOptions, "runningMean" | "runningVariance">>;

/**
 * The same in evaluation, without gradients. A bundle with it alone has nothing of these, and nothing of training.
 *
 * @throws {RangeError} if a shape does not fit.
 */
export function batchNormForward(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  { eps = 1e-5, activation, runningMean: mean, runningVariance: variance }: BatchNormForwardOptions,
): Tensor {
  check(x, { weight, bias, runningMean: mean, runningVariance: variance });
  const affine = { weight, bias, eps };
  const [y, { statistics }] = normalizeAsBefore(x, rowGroups(x, 1), affine, { mean, variance }, activation);
  statistics.dispose();
  return y;
}

function check(x: Tensor, vectors: Record<string, Tensor | undefined>): void {
  if (x.rank < 2) {
    throw new RangeError(
      `batchNorm() needs x of shape [..., channels] with two axes or more, found ${formatShape(x.shape)}`,
    );
  }
  const channels = x.shape.at(-1)!;
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector && (vector.rank !== 1 || vector.size !== channels)) {
      throw new RangeError(
        `batchNorm() needs '${name}' of shape [${channels}] for x of shape ${formatShape(x.shape)}, ` +
          `found ${formatShape(vector.shape)}`,
      );
    }
  }
}

function rowGroups(x: Tensor, groups: number): RowGroups {
  if (!Number.isInteger(groups) || groups < 1 || x.shape[0]! % groups !== 0) {
    throw new RangeError(
      `batchNorm() needs 'groups' to be a whole number that divides the batch of x of shape ` +
        `${formatShape(x.shape)}, found ${groups}`,
    );
  }
  const channels = x.shape.at(-1)!;
  return { groups, rows: x.size / channels / groups, channels };
}

function required({ runningMean, runningVariance }: BatchNormOptions): { mean: Tensor; variance: Tensor } {
  if (!runningMean || !runningVariance) {
    throw new RangeError("batchNorm() needs 'runningMean' and 'runningVariance' unless it is training");
  }
  return { mean: runningMean, variance: runningVariance };
}

function updated(options: BatchNormOptions): RunningStatistics | undefined {
  const { runningMean, runningVariance, batchesTracked, momentum = 0.1 } = options;
  if (!runningMean && !runningVariance) return undefined;
  if (!runningMean || !runningVariance) {
    throw new RangeError("batchNorm() needs both 'runningMean' and 'runningVariance', or neither of them");
  }
  if (batchesTracked && batchesTracked.dtype !== "u32") {
    throw new TypeError(`batchNorm() needs 'batchesTracked' of type u32, found ${batchesTracked.dtype}`);
  }
  return { mean: runningMean, variance: runningVariance, momentum, batchesTracked };
}
