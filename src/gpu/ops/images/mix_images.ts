import { derive } from "../../autograd/origin.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastMap } from "../elementwise/broadcast.ts";

/**
 * A point between each two images of the same place: `share * a + (1 - share) * b`, such as the mixes of real and fake
 * images at which WGAN-GP penalizes gradients (Gulrajani et al. 2017, algorithm 1). Gradients flow to both images, and not
 * to the shares.
 *
 * @param a Images, `[batch, ...]`.
 * @param b Images of the shape and type of `a`.
 * @param shares `[batch]`: how much of each mix is of `a`, usually from 0 to 1.
 * @returns Of the shape and type of `a`.
 *
 * @throws {RangeError} if the shapes do not fit each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mixImages, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const [real, fake] = [device.tensor([[8, 4], [8, 4]]), device.tensor([[0, 0], [0, 0]])];
 * const mixes = mixImages(real, fake, device.tensor([0.25, 0.5]));
 * assertEquals([...await mixes.data()], [2, 1, 4, 2]);
 * ```
 */
export function mixImages(a: Tensor, b: Tensor, shares: Tensor): Tensor {
  const [batch] = a.shape;
  if (!sameShape(a.shape, b.shape) || shares.rank !== 1 || shares.size !== batch) {
    throw new RangeError(
      "Cannot mix images: both must be of one shape [batch, ...], with a share for each of the batch, found shapes " +
        `${formatShape(a.shape)} and ${formatShape(b.shape)}, and shares of ${formatShape(shares.shape)}.`,
    );
  }
  const { shape } = a;
  const share = shares.reshape([batch, ...shape.slice(1).map(() => 1)]).detach();
  const mix = (inputs: Readonly<Record<string, Tensor>>, formula: string) =>
    broadcastMap("mix images", { ...inputs, share }, shape, formula);
  return derive(mix({ a, b }, "share * a + (1.0 - share) * b"), [a, b], (gradient, [toA, toB]) => [
    toA ? mix({ gradient }, "share * gradient") : null,
    toB ? mix({ gradient }, "(1.0 - share) * gradient") : null,
  ]);
}
