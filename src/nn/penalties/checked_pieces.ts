import { Tensor } from "../../gpu/mod.ts";
import { formatShape } from "../../gpu/tensor/shape.ts";
import type { Parameter } from "../module.ts";
import type { Network } from "../network.ts";
import { expectTrained } from "../weights/expect_trained.ts";
import type { Piece } from "./piece.ts";

/** The pieces of a network, if its penalties can be computed; nothing is launched yet. */
export function checkedPieces(network: Network, images: Tensor): readonly Piece[] {
  for (const [what, found] of [["network", network.precision], ["images", images.dtype]] as const) {
    if (found !== "f32") {
      throw new TypeError(
        `Cannot penalize gradients: the ${what} must be of f32, found ${found}. Train without precision f16.`,
      );
    }
  }
  const pieces = network.module.pieces("");
  expectTrained(network, "penalize gradients");
  checkParameters(network, pieces);
  return pieces;
}

/** A module of a user's own may forget a parameter, whose gradient would stay what it was, or use one twice. */
function checkParameters(network: Network, pieces: readonly Piece[]): void {
  const used = pieces.flatMap((piece): readonly Parameter[] => {
    if (piece.type === "pass") return piece.parameters;
    if (piece.type !== "affine") return [];
    return [...piece.weights.map(({ parameter }) => parameter), ...(piece.bias ? [piece.bias] : [])];
  });
  for (const [name, parameter] of network.parameters) {
    const count = used.filter((one) => one === parameter).length;
    if (count === 1) continue;
    throw new RangeError(
      `Cannot penalize gradients: the pieces() of the network must use each parameter once, found '${name}' used ` +
        `${count} times. Give each parameter to one piece.`,
    );
  }
}

/** Throws unless there is a finite gamma of at least 0 for each of equal groups of images. */
export function checkGammas(images: Tensor, gammas: readonly number[] | Tensor): void {
  const groups = gammas instanceof Tensor ? gammas.size : gammas.length;
  const [batch = 0] = images.shape;
  if (groups < 1 || batch % groups !== 0) {
    throw new RangeError(
      `Cannot penalize gradients: the images must fall into ${groups} equal groups, one for each gamma, found images ` +
        `of shape ${formatShape(images.shape)}. Give one gamma for each group.`,
    );
  }
  if (gammas instanceof Tensor) {
    if (gammas.rank !== 1 || gammas.dtype !== "f32") {
      throw new TypeError(
        `Cannot penalize gradients: gammas must be f32 [groups], found ${gammas.dtype} ${
          formatShape(gammas.shape)
        }.`,
      );
    }
  } else {
    for (const gamma of gammas) {
      if (Number.isFinite(gamma) && gamma >= 0) continue;
      throw new RangeError(
        `Cannot penalize gradients: a gamma must be a finite number of at least 0, found ${gamma}.`,
      );
    }
  }
}

/** Throws unless there is one logit for each image. */
export function checkLogits({ shape: [batch] }: Tensor, logits: Tensor): void {
  if (logits.size === batch) return;
  throw new RangeError(
    `Cannot penalize gradients: the network must give one logit for each of ${batch} images, found logits of shape ` +
      `${formatShape(logits.shape)}. End it in a layer with one output.`,
  );
}
