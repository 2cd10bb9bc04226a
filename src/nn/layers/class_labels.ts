import type { Tensor } from "../../gpu/mod.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import type { ForwardContext } from "../module.ts";

/**
 * The class of each sample of a batch, as a layer that takes classes needs it: the input `labels` of the pass.
 *
 * @param x The batch, `[batch, ...]`.
 * @throws {TypeError} if there are none, or they are not u32.
 * @throws {RangeError} if there is not one for each sample.
 */
export function expectClassLabels(
  { inputs: { labels } = {} }: Pick<ForwardContext, "inputs">,
  { shape: [batch] }: Tensor,
): Tensor {
  if (labels?.dtype !== "u32") {
    throw new TypeError(
      "Cannot run a network that takes classes: the input 'labels' must be the class of each sample, u32 [batch], found " +
        (labels?.dtype ?? "none. Call Network.forward(x, { inputs: { labels } })"),
    );
  }
  if (labels.rank !== 1 || labels.size !== batch) {
    throw new RangeError(
      `Cannot run a network that takes classes: the input 'labels' must be one class for each of ${batch} samples, found shape ` +
        formatShape(labels.shape),
    );
  }
  return labels;
}
