import { concat, split, type Tensor } from "../gpu/mod.ts";
import type { ForwardContext, Module, ModuleInputs } from "./module.ts";

/**
 * The output for each of `groups` equal parts of a batch, one after another, as of several passes in a row. Modules that
 * change in each pass, as spectral norms do, keep groups apart in no other way.
 *
 * @throws {RangeError} if the batch does not fall into so many parts.
 */
export function forwardInPasses(
  module: Module,
  x: Tensor,
  { groups = 1, inputs = {}, ...context }: ForwardContext,
): Tensor {
  if (groups === 1) return module.forward(x, { ...context, inputs });
  const others = splitInputs(inputs, groups);
  return split(x, groups)
    .map((part, at) => module.forward(part, { ...context, inputs: others[at]! }))
    .reduce((a, b) => concat(a, b));
}

/** The inputs of each of `count` equal parts of a batch. */
export function splitInputs(
  inputs: ModuleInputs,
  count: number,
): readonly Readonly<Record<string, Tensor>>[] {
  const parts = Object.entries(inputs).flatMap(([name, input]) =>
    input ? [[name, split(input, count)] as const] : []
  );
  return Array.from(
    { length: count },
    (_, at) => Object.fromEntries(parts.map(([name, tensors]) => [name, tensors[at]!])),
  );
}
