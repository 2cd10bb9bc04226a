import type { EpilogueActivation } from "../kernel/activation.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A requested gradient: a new tensor, or written (or added) to an existing one. */
export interface Wanted {
  /** Where to put it. The rule may ignore this and return a new tensor; the caller then copies. */
  readonly into?: Tensor;
  /** Add to what `into` holds instead of overwriting it. */
  readonly accumulate?: boolean;
  /** The input is the result of this activation, and the gradient is to be that before it. */
  readonly before?: EpilogueActivation;
}

/**
 * The gradient rule of one operation: given the gradient of its output, the gradients of its inputs. `wanted` has an
 * entry for each input, null if no gradient is requested. `isBefore` says that the gradient is that before the operation's
 * {@linkcode Origin.activation}.
 */
export type GradientRule = (
  gradient: Tensor,
  wanted: readonly (Wanted | null)[],
  isBefore?: boolean,
) => (Tensor | null)[];

/** What a tensor was computed from, and how gradients flow back to that. */
export interface Origin {
  /** Inputs that a gradient can flow to. */
  readonly inputs: readonly Tensor[];
  /** The rule. */
  readonly backward: GradientRule;
  /** What only the rule needs: given back with the output. */
  readonly saved?: readonly Tensor[];
  /** What the operation applied last. Its rule also takes gradients before that. */
  readonly activation?: EpilogueActivation | undefined;
  /** The rule heeds {@linkcode Wanted.before} for the first input. */
  readonly heedsBefore?: boolean;
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
  more: Pick<Origin, "activation" | "heedsBefore"> = {},
): Tensor {
  output.origin = { inputs, backward, saved, ...more };
  return output;
}
