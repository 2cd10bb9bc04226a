import type { FusedActivation } from "../../gpu/mod.ts";
import type { Shape } from "../../gpu/tensor/shape.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import type { ForwardContext, Module, Parameter } from "../module.ts";

/** A parameter that the `W` of an {@linkcode AffinePiece} is linear in. */
export interface PieceWeight {
  /** The parameter. */
  readonly parameter: Parameter;
  /** Writes the gradient of the sum of `gradient * W x` with respect to the parameter to `into`. */
  gradient(x: Tensor, gradient: Tensor, into: Tensor): void;
}

/**
 * `y = W x + b`, for each image of a batch `[batch, ...]` by itself. All tensors are f32.
 */
export interface AffinePiece {
  /** Says which kind of piece it is. */
  readonly type: "affine";
  /** What `W` is made of: mostly one parameter, `W` itself. */
  readonly weights: readonly PieceWeight[];
  /** `b`, if there is one. Its elements are the last ones of the output's shape, such as its channels. */
  readonly bias: Parameter | undefined;
  /** `W x`, plus the bias and through the activation if they are given: a new tensor. */
  apply(x: Tensor, finish?: AffineFinish): Tensor;
  /** `Wᵀ gradient`, the gradient at an input of a shape: a new tensor. */
  transposed(gradient: Tensor, shape: Shape): Tensor;
}

/**
 * An affine piece that is another one in each pass: a layer with spectral norm divides its weight by a norm that it
 * estimates anew, and a layer that takes classes has a `W` for each of them.
 */
export interface PassPiece {
  /** Says which kind of piece it is. */
  readonly type: "pass";
  /** All of its parameters. */
  readonly parameters: readonly Parameter[];
  /**
   * The piece of the pass that begins, and in training renews what is estimated. Gradients of its weights are with respect
   * to parameters, before they are divided. Disposing it frees what it made for the pass.
   */
  begin(context: PassContext): AffinePiece & Disposable;
}

/** What a pass is for, as in a forward pass. */
export type PassContext = Pick<ForwardContext, "training" | "inputs">;

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
export type Piece = AffinePiece | PassPiece | ReshapePiece | FusedActivation;

/** Throws because a module has no pieces; `name` is its name in the network. */
export function refusePieces(module: Module, name: string): never {
  const place = name === "" ? "" : ` '${name}'`;
  throw new TypeError(
    "Cannot penalize gradients: every module must be piecewise linear, take each image by itself and give its " +
      `pieces(), found ${module.constructor.name}${place}. Leave it out, or put Conv2d, Linear, Reshape, Relu or ` +
      "LeakyRelu in its place.",
  );
}
