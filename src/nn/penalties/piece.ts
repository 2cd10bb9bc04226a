import type { FusedActivation } from "../../gpu/mod.ts";
import type { Shape } from "../../gpu/tensor/shape.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import type { Module, Parameter } from "../module.ts";

/**
 * `y = W x + b`, for each image of a batch `[batch, ...]` by itself. All tensors are f32.
 */
export interface AffinePiece {
  /** Says which kind of piece it is. */
  readonly type: "affine";
  /** `W`. */
  readonly weight: Parameter;
  /** `b`, if there is one. Its elements are the last ones of the output's shape, such as its channels. */
  readonly bias: Parameter | undefined;
  /** `W x`, plus the bias and through the activation if they are given: a new tensor. */
  apply(x: Tensor, finish?: AffineFinish): Tensor;
  /** `Wᵀ gradient`, the gradient at an input of a shape: a new tensor. */
  transposed(gradient: Tensor, shape: Shape): Tensor;
  /** Writes the gradient of the sum of `gradient * W x` with respect to `W` to `into`. */
  weightGradient(x: Tensor, gradient: Tensor, into: Tensor): void;
}

/** An affine piece whose weight each pass divides by a norm, as layers with spectral norm do. */
export interface NormalizedPiece {
  /** Says which kind of piece it is. */
  readonly type: "normalized";
  /** The weight before it is divided. */
  readonly weight: Parameter;
  /** The bias, if there is one. */
  readonly bias: Parameter | undefined;
  /**
   * The piece of the pass that begins, and in `training` renews what is estimated. It multiplies with the divided weight;
   * its `weightGradient` is with respect to the weight before that. Disposing it frees the divided weight.
   */
  begin(training: boolean): AffinePiece & Disposable;
}

/** What follows the product of an {@linkcode AffinePiece}. */
export interface AffineFinish {
  /** Added. */
  readonly bias?: Tensor | undefined;
  /** Applied then. */
  readonly activation?: FusedActivation | undefined;
}

/** The same values in another shape. */
export interface ReshapePiece {
  /** Says which kind of piece it is. */
  readonly type: "reshape";
  /** Shape of each image. */
  readonly shape: Shape;
}

/**
 * A part of a piecewise linear network that takes each image of a batch by itself. A module that is made of such parts
 * gives them with `Module.pieces()`, in order.
 */
export type Piece = AffinePiece | NormalizedPiece | ReshapePiece | FusedActivation;

/** Throws because a module has no pieces; `name` is its name in the network. */
export function refusePieces(module: Module, name: string): never {
  const place = name === "" ? "" : ` '${name}'`;
  throw new TypeError(
    "Cannot penalize gradients: every module must be piecewise linear, take each image by itself and give its " +
      `pieces(), found ${module.constructor.name}${place}. Leave it out, or put Conv2d, Linear, Reshape, Relu or ` +
      "LeakyRelu in its place.",
  );
}
