import type { EpilogueActivation } from "../../kernel/activation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What a transform applies to its results before it stores them. */
export interface TransformFinish {
  /** Added to each channel. */
  readonly bias?: Tensor | undefined;
  /** Applied then. */
  readonly activation?: EpilogueActivation | undefined;
}

/** A statement for `added`, the bias of four channels. */
export function addedBias(quad: string): string {
  return `    let added = vec4f(${[0, 1, 2, 3].map((c) => `bias[${quad} * 4u + ${c}u]`).join(", ")});`;
}
