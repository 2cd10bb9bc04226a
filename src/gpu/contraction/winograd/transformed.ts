import type { Tensor } from "../../tensor/tensor.ts";
import type { TileSide } from "./matrices.ts";

/** The transforms of one convolution's operands, for tiles of one side. */
export interface Transforms {
  /** Of the input, or of what has its shape. */
  input?: Tensor;
  /** Of the weight. */
  weight?: Tensor;
  /** Of the output, or of what has its shape. */
  output?: Tensor;
}

/**
 * The transformed operands of a convolution, which its gradients need again. Each is made when it is first needed, and
 * belongs to what it was made for.
 */
export class Transformed implements Disposable {
  /** The output gradient, unfolded, if it was. */
  unfolded?: Tensor;
  readonly #bySide: Readonly<Record<TileSide, Transforms>>;
  readonly #others: ReadonlySet<Tensor>;

  /** Begins with those that were made for another one, and leaves them to it. */
  constructor(others?: Transformed) {
    this.#bySide = { 2: { ...others?.ofSide(2) }, 4: { ...others?.ofSide(4) } };
    this.#others = new Set(others?.made);
  }

  /** Those for tiles of a side; what is missing may be added. */
  ofSide(side: TileSide): Transforms {
    return this.#bySide[side];
  }

  /** Those that were made for this one. */
  get made(): Tensor[] {
    return [
      ...Object.values(this.#bySide).flatMap((transforms: Transforms): Tensor[] => Object.values(transforms)),
      ...(this.unfolded ? [this.unfolded] : []),
    ].filter((tensor) => !this.#others.has(tensor));
  }

  /** Frees them. */
  [Symbol.dispose](): void {
    for (const tensor of this.made) tensor.dispose();
  }
}
