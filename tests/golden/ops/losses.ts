import {
  bce,
  bceWithLogits,
  concat,
  crossEntropy,
  type Device,
  hingeDiscriminator,
  hingeGenerator,
  leastSquaresScores,
  logisticScores,
  type LogitTarget,
  mse,
  mul,
  relativisticScores,
  softmax,
  sum,
  type Tensor,
  wassersteinScores,
} from "../../../src/exports/gpu.ts";
import type { GoldenCase } from "../golden_case.ts";
import { differentiate, type Run } from "./differentiate.ts";

/** `input.x` and `input.target` to `output.loss`. */
function withTarget(op: (x: Tensor, target: Tensor) => Tensor): Run {
  return (device, golden) => {
    golden.expectParams({ reduction: "mean" });
    return differentiate(device, golden, { forward: ({ x, target }) => ({ loss: op(x!, target!) }) });
  };
}

/** Whole numbers of a case. */
function wholeNumbers(golden: GoldenCase, name: string): { shape: readonly number[]; data: number[] } {
  const numbers = golden.tensors.get(name);
  if (numbers?.dtype !== "I64" && numbers?.dtype !== "I32") {
    throw new Error(`The case has no whole numbers '${name}'`);
  }
  return { shape: numbers.shape, data: Array.from(numbers.data, Number) };
}

function uploadLabels(device: Device, golden: GoldenCase): Tensor {
  const { shape, data } = wholeNumbers(golden, "input.label");
  return device.tensor(data, { shape, dtype: "u32" });
}

type Scores = (logits: Tensor, targets: readonly LogitTarget[]) => Tensor;

/** The losses of scores without their probabilities: a discriminator's is the sum of those of both halves. */
function totalOf(scores: Tensor): Tensor {
  return sum(mul(scores, scores.device.tensor([1, 0])));
}

/** The discriminator's loss of logits `input.real` and `input.fake`. */
function ofBoth(scores: Scores, targetsOf: (golden: GoldenCase) => readonly LogitTarget[]): Run {
  return (device, golden) =>
    differentiate(device, golden, {
      forward: ({ real, fake }) => ({ loss: totalOf(scores(concat(real!, fake!), targetsOf(golden))) }),
    });
}

/** The generator's loss of logits `input.fake`. */
function ofFake(scores: Scores): Run {
  return (device, golden) => {
    const target = { target: golden.number("generator_target", 1) };
    return differentiate(device, golden, {
      forward: ({ fake }) => ({ loss: totalOf(scores(fake!, [target])) }),
    });
  };
}

const labelsOf = (golden: GoldenCase) => [
  { target: golden.number("real_target") },
  { target: golden.number("fake_target") },
];

/** Losses, and softmax. */
export const losses: Readonly<Record<string, Run>> = {
  bce: withTarget(bce),
  bce_with_logits: withTarget(bceWithLogits),
  mse: withTarget(mse),
  hinge_d: (device, golden) =>
    differentiate(device, golden, {
      forward: ({ real, fake }) => ({ loss: hingeDiscriminator(real!, fake!) }),
    }),
  hinge_g: (device, golden) =>
    differentiate(device, golden, { forward: ({ fake }) => ({ loss: hingeGenerator(fake!) }) }),
  bce_smooth_d: ofBoth(logisticScores, labelsOf),
  bce_flips_d: (device, golden) => {
    const flips = device.tensor(
      ["real", "fake"].flatMap((half) => wholeNumbers(golden, `input.flip_${half}`).data),
    );
    return ofBoth((logits, targets) => logisticScores(logits, targets, { flips }), labelsOf)(device, golden);
  },
  bce_smooth_g: ofFake(logisticScores),
  least_squares_d: ofBoth(leastSquaresScores, labelsOf),
  least_squares_g: ofFake(leastSquaresScores),
  wasserstein_d: ofBoth(wassersteinScores, () => [{ target: 1 }, { target: -1 }]),
  wasserstein_g: ofFake(wassersteinScores),
  rpgan_d: ofBoth(relativisticScores, () => [{ target: 1, scale: 0.5 }, { target: -1, scale: 0.5 }]),
  rpgan_g: (device, golden) =>
    differentiate(device, golden, {
      forward: ({ real, fake }) => ({
        loss: totalOf(relativisticScores(concat(fake!, real!), [{ target: 1 }])),
      }),
    }),
  cross_entropy: (device, golden) => {
    golden.expectParams({ reduction: "mean" });
    const labels = uploadLabels(device, golden);
    return differentiate(device, golden, { forward: ({ x }) => ({ loss: crossEntropy(x!, labels) }) });
  },
  softmax: (device, golden) => {
    // The op works on the last axis: another one is moved there.
    const rank = golden.floats("input.x").shape.length;
    const dim = golden.number("dim", -1);
    const axis = dim < 0 ? dim + rank : dim;
    const order = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis).concat(axis);
    return differentiate(device, golden, {
      orders: { x: order, y: order },
      forward: ({ x }) => ({ y: softmax(x!) }),
    });
  },
};
