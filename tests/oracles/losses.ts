import type { LogitTarget } from "../../src/nn/losses/score_logits.ts";

/** The terms that losses are the means of, on the host: of an element `x` and its target `t`. */
export const LOSS_REFERENCES = {
  bceWithLogits: (x: number, t: number): number =>
    Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
  bce: (x: number, t: number): number =>
    -t * Math.max(Math.log(x), -100) - (1 - t) * Math.max(Math.log1p(-x), -100),
  mse: (x: number, t: number): number => (x - t) ** 2,
  hingeReal: (x: number): number => Math.max(1 - x, 0),
  hingeFake: (x: number): number => Math.max(1 + x, 0),
  sigmoid: (x: number): number => 1 / (1 + Math.exp(-x)),
};

/** `crossEntropy()` on the host. */
export function crossEntropyReference(x: Float64Array, labels: ArrayLike<number>): number {
  const classes = x.length / labels.length;
  const losses = Array.from(labels, (label, row) => {
    const logits = x.subarray(row * classes, (row + 1) * classes);
    const largest = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    return Math.log(total) - (logits[label]! - largest);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

/** The loss of a logit by its target, as each kind of scores has it. */
export const LOGIT_LOSSES = {
  logisticScores: LOSS_REFERENCES.bceWithLogits,
  leastSquaresScores: (x: number, target: number): number => (x - target) ** 2 / 2,
  hingeScores: (x: number, side: number): number => Math.max(1 - side * x, 0),
  wassersteinScores: (x: number, side: number): number => -side * x,
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Scores of groups of logits on the host, by the loss of one. */
export function scoresReference(
  logits: Float64Array,
  targets: readonly LogitTarget[],
  lossOf: (x: number, target: number) => number,
  flips?: ArrayLike<number>,
): Float64Array {
  const count = logits.length / targets.length;
  return Float64Array.from(targets.flatMap(({ scale = 1 }, group) => {
    const part = Array.from(logits.subarray(group * count, (group + 1) * count));
    const targetOf = (at: number) => targets[flips?.[group * count + at] ? 1 - group : group]!.target;
    const losses = part.map((x, at) => lossOf(x, targetOf(at)));
    return [scale * mean(losses), mean(part.map(LOSS_REFERENCES.sigmoid))];
  }));
}

/** `logisticScores()` on the host. */
export function logisticScoresReference(
  logits: Float64Array,
  targets: readonly LogitTarget[],
  flips?: ArrayLike<number>,
): Float64Array {
  return scoresReference(logits, targets, LOGIT_LOSSES.logisticScores, flips);
}

/** `relativisticScores()` on the host. */
export function pairScoresReference(logits: Float64Array, targets: readonly LogitTarget[]): Float64Array {
  const count = logits.length / 2;
  const halves = [logits.subarray(0, count), logits.subarray(count)].map((half) => Array.from(half));
  return Float64Array.from(targets.flatMap(({ target, scale = 1 }, half) => {
    const [own, rivals] = [halves[half]!, halves[1 - half]!];
    const losses = own.map((x, i) => Math.log1p(Math.exp(-target * (x - rivals[i]!))));
    return [scale * mean(losses), mean(own.map(LOSS_REFERENCES.sigmoid))];
  }));
}
