import type { EpilogueActivation } from "../../kernel/activation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Gate } from "../gate.ts";
import type { ConvolutionGeometry } from "./geometry.ts";
import type { Problem } from "./problem.ts";

/** What of a convolution is computed. */
export type Direction = "forward" | "input gradient" | "weight gradient";

/** A sum of products for each element of a matrix, with its sizes. */
export interface Sum {
  /** How the operands lie in memory. */
  readonly problem: Problem;
  /** Rows of the output; of the largest phase, if there are several. */
  readonly rows: number;
  /** Columns of the output. */
  readonly columns: number;
  /** Length of the sum. */
  readonly depth: number;
  /** Sums that differ in `phase`. */
  readonly phases?: number;
  /** Some phases have fewer rows than the largest. */
  readonly unevenPhases?: boolean;
  /** Multiply-adds that are needed, if not all phases have as many as the largest. */
  readonly products?: number;
  /** The operands' sizes, for profiles. */
  readonly detail: string;
  /** Of the convolution that it belongs to, if it belongs to one. */
  readonly geometry?: ConvolutionGeometry;
  /** What of that convolution it is. */
  readonly direction?: Direction;
  /**
   * The runs that the depth is walked in may be cut into parts. What belongs to a part is a sum of its own, and these are
   * added up, and finished, afterwards. Needed to accumulate.
   */
  readonly splittable?: boolean;
  /**
   * Images, or other samples, that the rows belong to, if a sample's results must not depend on how many there are: their
   * sums are cut as suits a usual number of them.
   */
  readonly samples?: number;
}

/** A sum of products to compute, and where to put it. */
export interface Contraction extends Sum {
  /** Left operand. */
  readonly a: Tensor;
  /** Right operand. */
  readonly b: Tensor;
  /** A bias for each column. */
  readonly bias?: Tensor | undefined;
  /** Applied to the result. */
  readonly activation?: EpilogueActivation | undefined;
  /** Passed by the result then, if that is a gradient. Not together with a bias or an activation. */
  readonly gate?: Gate | undefined;
  /** Where the result goes. */
  readonly output: Tensor;
  /** Add to what the output holds. */
  readonly accumulate?: boolean;
}
