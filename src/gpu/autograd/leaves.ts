import type { Tensor } from "../tensor/tensor.ts";

/** Leaves found so far. A disposed tensor keeps its entry, though it no longer knows its inputs. */
const known = new WeakMap<Tensor, ReadonlySet<Tensor>>();

/**
 * The tensors that a tensor was computed from in the end, and that were computed from nothing themselves: itself if
 * that is so. Those that are disposed are left out, as their gradients cannot be requested.
 */
export function leavesOf(tensor: Tensor): ReadonlySet<Tensor> {
  // Inputs first, on a stack of its own: chains of operations may be longer than the language's
  const waiting = [tensor];
  for (let next = waiting.at(-1); next; next = waiting.at(-1)) {
    const inputs = next.origin?.inputs ?? [];
    const unknown = known.has(next) ? [] : inputs.filter((input) => !known.has(input));
    if (unknown.length > 0) {
      waiting.push(...unknown);
      continue;
    }
    if (!known.has(next)) known.set(next, next.origin ? union(inputs) : new Set([next]));
    waiting.pop();
  }
  return known.get(tensor)!;
}

function union(inputs: readonly Tensor[]): Set<Tensor> {
  const leaves = new Set<Tensor>();
  for (const input of inputs) {
    for (const leaf of known.get(input)!) if (!leaf.disposed) leaves.add(leaf);
  }
  return leaves;
}
