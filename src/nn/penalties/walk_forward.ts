import { multiply } from "../../gpu/contraction/multiply.ts";
import { accumulate, sum, type Tensor } from "../../gpu/mod.ts";
import { beforeActivation } from "../../gpu/ops/products/before_activation.ts";
import type { Network } from "../network.ts";
import { mixTangent } from "./mix_tangent.ts";
import type { Step } from "./passes.ts";

/** Where a tangent's walk starts. */
export interface TangentStart {
  /** The tangent at the images. */
  readonly tangent: Tensor;
  /**
   * That of a loss with it: `mixed` is `factors * images + tangent`, and `factors` the gradient of the loss with respect to
   * each image's logit. Without it there is no loss.
   */
  readonly loss?: { readonly mixed: Tensor; readonly factors: Tensor };
}

/**
 * The tangent's walk forward, and the gradients of all parameters that are not frozen and that it finds on its way. With
 * `adding`, they are added to those that are there. Without a loss there are none of biases, and what is there of them
 * stays.
 *
 * @param deltas Those of `backwardSteps()`.
 */
export function walkForward(
  network: Network,
  steps: readonly Step[],
  deltas: readonly Tensor[],
  { tangent: start, loss }: TangentStart,
  adding: boolean,
): void {
  // Frozen parameters have no place
  const trained = [...network.parameters].filter(([, { frozen }]) => !frozen);
  const places = new Map(trained.map(([name, parameter]) => [parameter, network.gradientOf(name)]));
  const last = steps.findLastIndex(({ linear }) => linear?.type === "affine");
  let [tangent, mixed] = [start, loss?.mixed];
  for (const [position, { linear, activation, output, sign }] of steps.slice(0, last + 1).entries()) {
    if (linear?.type === "affine") {
      const delta = deltas[position]!;
      for (const weight of linear.weights) {
        const place = places.get(weight.parameter);
        if (place && adding) {
          using own = place.device.empty(place.shape);
          weight.gradient(mixed ?? tangent, delta, own);
          accumulate(place, own, true);
        } else if (place) weight.gradient(mixed ?? tangent, delta, place);
      }
      const biasPlace = linear.bias && places.get(linear.bias);
      if (biasPlace && loss) writeBiasGradient(delta, loss.factors, biasPlace, adding);
    }
    if (position === last) break;
    using before = tangent;
    using mixedBefore = mixed;
    tangent = linear?.type === "affine" ? linear.apply(before) : before.reshape(output.shape);
    if (loss && mixedBefore) {
      mixed = linear?.type === "reshape"
        ? mixedBefore.reshape(output.shape)
        : mixTangent(tangent, { values: output, factors: loss.factors }, activation && { activation, sign });
    } else if (activation) {
      using whole = tangent;
      tangent = beforeActivation(sign, whole, activation)!;
    }
  }
}

/** The sum of `factors * delta` over images and all axes but those of the bias. */
function writeBiasGradient(delta: Tensor, factors: Tensor, into: Tensor, adding: boolean): void {
  const [images, outputs] = [factors.size, into.size];
  const sums = sum(delta.reshape([images, delta.size / images / outputs, outputs]), { axes: [1] });
  multiply(factors.reshape([1, images]), sums, { into, accumulate: adding });
}
