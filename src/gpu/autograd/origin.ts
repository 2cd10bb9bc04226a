import type { Tensor } from "../tensor/tensor.ts";

/** A requested gradient: a new tensor, or written (or added) to an existing one. */
export interface Wanted {
  /** Where to put it. The rule may ignore this and return a new tensor; the caller then copies. */
  readonly into?: Tensor;
  /** Add to what `into` holds instead of overwriting it. */
  readonly accumulate?: boolean;
}

/**
 * The gradient rule of one operation: given the gradient of its output, the gradients of its inputs. `wanted` has an
 * entry for each input, null if no gradient is requested.
 */
export type GradientRule = (gradient: Tensor, wanted: readonly (Wanted | null)[]) => (Tensor | null)[];

/** What a tensor was computed from, and how gradients flow back to that. */
export interface Origin {
  /** Inputs that a gradient can flow to. */
  readonly inputs: readonly Tensor[];
  /** The rule. */
  readonly backward: GradientRule;
  /** What only the rule needs: given back with the output. */
  readonly saved?: readonly Tensor[];
}

/**
 * Marks `output` as computed from `inputs`, with the rule that takes its gradient back to them. Tensors that only the
 * rule needs are `saved` until the output is disposed.
 */
export function derive(
  output: Tensor,
  inputs: readonly Tensor[],
  backward: GradientRule,
  saved: readonly Tensor[] = [],
): Tensor {
  output.origin = { inputs, backward, saved };
  return output;
}
