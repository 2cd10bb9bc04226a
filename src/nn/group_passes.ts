import { concat, split, type Tensor } from "../gpu/mod.ts";
import type { ForwardContext, Module } from "./module.ts";

/**
 * The output for each of `groups` equal parts of a batch, one after another, as of several passes in a row. Modules that
 * change in each pass, as spectral norms do, keep groups apart in no other way.
 *
 * @throws {RangeError} if the batch does not fall into so many parts.
 */
export function forwardInPasses(
  module: Module,
  x: Tensor,
  { groups = 1, labels, inputs = {}, ...context }: ForwardContext,
): Tensor {
  if (groups === 1) return module.forward(x, { ...context, labels, inputs });
  const others = Object.entries(inputs).map(([name, input]) => [name, split(input, groups)] as const);
  const classes = labels && split(labels, groups);
  return split(x, groups).map((part, at) => {
    const own = Object.fromEntries(others.map(([name, parts]) => [name, parts[at]!]));
    return module.forward(part, { ...context, labels: classes?.[at], inputs: own });
  }).reduce((a, b) => concat(a, b));
}
