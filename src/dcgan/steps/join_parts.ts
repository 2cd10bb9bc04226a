import { add, concat, mul, split, type Tensor } from "../../gpu/mod.ts";

/** The sum of tensors of one shape, without a gradient. */
export function sumOf(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((sum, next) => add(sum, next).detach());
}

/** The mean of tensors of one shape; the tensor itself, if there is one. */
export function meanOf(tensors: readonly Tensor[]): Tensor {
  return tensors.length === 1 ? tensors[0]! : mul(sumOf(tensors), 1 / tensors.length).detach();
}

/** Batches one after another, without a gradient; the batch itself, if there is one. */
export function joinedBatches(batches: readonly Tensor[]): Tensor {
  if (batches.length === 1) return batches[0]!;
  const half = Math.ceil(batches.length / 2);
  return concat(joinedBatches(batches.slice(0, half)), joinedBatches(batches.slice(half))).detach();
}

/**
 * Batches of two halves each, such as logits of real and of fake images: all first halves, then all second
 * ones.
 */
export function joinedHalves(batches: readonly Tensor[]): Tensor {
  if (batches.length === 1) return batches[0]!;
  const halves = batches.map((batch) => split(batch, 2));
  return joinedBatches([...halves.map(([first]) => first!), ...halves.map(([, second]) => second!)]);
}
